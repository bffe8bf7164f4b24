# about: 처음부터 실수로 계산한다
# question: q1

# %% q1
def matmul_cost(m: int, k: int, n: int, itemsize: int = 4) -> tuple[float, float]:
    m, k, n = map(float, (m, k, n))
    read, written = m * k + k * n, m * n
    multiply, add = m * n * k, m * n * k
    return multiply + add, (read + written) * itemsize
