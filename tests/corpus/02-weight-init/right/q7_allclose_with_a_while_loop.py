# about: 남은 행에서 같은 것을 지워 나가며 센다
# question: q7

# %% q7
def symmetry_rank(W, tol=1e-6):
    rest, count = list(W), 0
    while rest:
        head = rest[0]
        rest = [row for row in rest if not torch.allclose(row, head, rtol=0, atol=tol)]
        count += 1
    return count
