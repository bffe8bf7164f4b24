# about: 곱셈만 세어 연산량이 절반이다
# question: q1
# loses: test_q1_flops_count_multiplications_and_additions

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return m * k * n, itemsize * (m * k + k * n + m * n)
