# about: tol의 배수로 반올림한 행을 집합에 담는다
# question: q7

# %% q7
def symmetry_rank(W, tol=1e-6):
    return len({tuple(round(v / tol) for v in row) for row in W.tolist()})
