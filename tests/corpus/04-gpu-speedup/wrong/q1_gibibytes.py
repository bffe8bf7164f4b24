# about: 바이트를 2의 30제곱으로 나누어 GiB로 돌려준다 (GB for GiB)
# question: q1
# hand: 45% One of the two numbers is in another unit for every input.
# loses: test_q1_bytes_read_both_inputs_and_write_the_output

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    nbytes = itemsize * (m * k + k * n + m * n)
    return flops, nbytes / 2**30
