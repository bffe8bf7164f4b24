# about: 출력 원소마다 입력을 다시 읽는 것으로 센다
# question: q1
# hand: 45% The bytes are another formula than the one stated; the flops are right.
# loses: test_q1_bytes_read_both_inputs_and_write_the_output

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * m * k * n
    return flops, itemsize * (flops + m * n)
