# assignment: 04-gpu-speedup
# about: 두 문항의 답이 저마다 끝나지 않는 학생.
# expect: 78
# loses-question: q1, q5
# says: cell-timeout
# message: q1: 주어진 시간
# message: q5: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    while True:
        m += 1

# %% q5
def benchmark(fn, warmup=1, repeats=5, sync=None, timer=None):
    while True:
        fn()
