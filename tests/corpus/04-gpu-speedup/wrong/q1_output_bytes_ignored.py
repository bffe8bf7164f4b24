# about: 결과를 쓰는 바이트를 빠뜨린다
# question: q1
# hand: 40% One of the three terms of the bytes is missing, so one number is wrong.
# loses: test_q1_bytes_read_both_inputs_and_write_the_output

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    nbytes = (m * k + k * n) * itemsize
    return flops, nbytes
