# assignment: 04-gpu-speedup
# about: 모든 예외를 삼키는 반복문에서 빠져나오지 못하는 학생.
# expect: 94
# loses-question: q1
# says: cell-timeout
# message: q1: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    while True:
        try:
            m += 1
        except BaseException:
            pass
