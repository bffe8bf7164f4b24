# about: 덧셈을 k - 1번으로 세어 문제의 약속과 다르다
# question: q1
# hand: 40% One of the two numbers follows another convention than the one stated.
# loses: test_q1_flops_count_multiplications_and_additions
# loses: test_q1_huge_sizes_do_not_overflow

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return m * n * (2 * k - 1), itemsize * (m * k + k * n + m * n)
