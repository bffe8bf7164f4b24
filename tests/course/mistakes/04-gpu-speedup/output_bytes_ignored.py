# ruff: noqa
# output bytes ignored
# question: q1
# says: 결과를 쓰는 바이트


def matmul_cost(m, k, n, itemsize=4):
    return 2 * m * k * n, itemsize * (m * k + k * n)
