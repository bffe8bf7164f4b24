# about: (nbytes, flops) 순서로 돌려준다
# question: q1
# hand: 50% Both numbers are right, and each stands in the other's place.
# loses: test_q1_flops_count_multiplications_and_additions
# loses: test_q1_bytes_read_both_inputs_and_write_the_output
# loses: test_q1_bytes_follow_the_size_of_an_entry
# loses: test_q1_huge_sizes_do_not_overflow

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    nbytes = itemsize * (m * k + k * n + m * n)
    return nbytes, flops
