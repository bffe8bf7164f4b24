# about: 연산량에도 itemsize를 곱한다
# question: q1
# hand: 45% One of the two numbers is wrong by a factor for every input; the bytes are right.
# loses: test_q1_flops_count_multiplications_and_additions
# loses: test_q1_bytes_follow_the_size_of_an_entry

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return itemsize * 2 * m * k * n, itemsize * (m * k + k * n + m * n)
