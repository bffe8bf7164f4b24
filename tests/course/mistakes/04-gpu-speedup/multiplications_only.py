# ruff: noqa
# multiplications only
# question: q1
# says: 곱셈만 셌습니다


def matmul_cost(m, k, n, itemsize=4):
    flops, nbytes = reference(m, k, n, itemsize)
    return flops // 2, nbytes
