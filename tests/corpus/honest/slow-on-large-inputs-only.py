# assignment: 04-gpu-speedup
# about: 작은 입력에서는 빠르지만 큰 입력에서는 끝나지 않는 답을 쓴 학생.
# expect: 99
# loses: test_q1_huge_sizes_do_not_overflow
# says: cell-timeout
# message: q1: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=1
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 0
    for _ in range(m):
        flops += 2 * k * n
    if m > 10_000:
        for _ in range(m * n):
            flops += 0
    return flops, itemsize * (m * k + k * n + m * n)
