# assignment: 04-gpu-speedup
# about: 답 안에서 오래 자는 학생. 끝나지 않는 반복문이라고 듣지 않습니다.
# expect: 94
# loses-question: q1
# says: cell-timeout
# message: q1: 기다리
# never: 반복문
# limits: cell_seconds=2 call_seconds=1 question_seconds=2 asleep_seconds=0.6

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    time.sleep(10**6)
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)
