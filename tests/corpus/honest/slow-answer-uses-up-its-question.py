# assignment: 04-gpu-speedup
# about: 부를 때마다 느려서 한 문항의 시간을 다 쓴 학생. 다른 문항의 시간은 그대로입니다.
# expect: 94
# loses-question: q1
# says: cell-timeout
# message: q1: 주어진 시간
# never: 반복문
# limits: call_seconds=2 question_seconds=0.8

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    stop = time.process_time() + 0.5
    while time.process_time() < stop:
        pass
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)
