# about: 곱셈만 세어 연산량이 절반이다
# question: q1
# hand: 45% The additions, which the text counts, are missing from one of the two numbers.
# loses: test_q1_flops_count_multiplications_and_additions

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return m * k * n, itemsize * (m * k + k * n + m * n)
