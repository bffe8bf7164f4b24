# about: itemsize를 쓰지 않고 언제나 4바이트로 센다
# question: q1
# hand: 25% The parameter itemsize is not used; its default is right.
# loses: test_q1_bytes_follow_the_size_of_an_entry

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    nbytes = 4 * (m * k + k * n + m * n)
    return flops, nbytes
