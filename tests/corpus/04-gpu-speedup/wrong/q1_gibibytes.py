# about: 바이트를 2의 30제곱으로 나누어 GiB로 돌려준다 (GB for GiB)
# question: q1
# hand: 45% One of the two numbers is in another unit for every input.
# loses: test_q1_both_inputs_are_read_once
# loses: test_q1_the_output_is_written_once
# loses: test_q1_bytes_follow_the_size_of_an_entry

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    nbytes = itemsize * (m * k + k * n + m * n)
    return flops, nbytes / 2**30
