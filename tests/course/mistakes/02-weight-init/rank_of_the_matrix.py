# ruff: noqa
# rank of the matrix
# question: q7
# says: 계수(rank)


def symmetry_rank(W, tol=1e-6):
    return int(torch.linalg.matrix_rank(W))
