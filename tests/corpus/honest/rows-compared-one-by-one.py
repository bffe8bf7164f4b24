# assignment: 02-weight-init
# about: 원소마다 파이썬 반복문으로 견주어, 작은 입력에서는 빠르고 큰 입력에서는 느린 학생.
# expect: 100

# %% drop experiments

# %% q7
def symmetry_rank(W, tol=1e-6):
    rows = W.tolist()
    kinds = []
    for row in rows:
        if not any(all(abs(a - b) <= tol for a, b in zip(row, other)) for other in kinds):
            kinds.append(row)
    return len(kinds)
