# assignment: 04-gpu-speedup
# about: 가운데 문항의 답이 끝나지 않는 학생. 그 문항만 잃습니다.
# expect: 84
# loses-question: q5
# says: cell-timeout
# message: q5: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5

# %% drop experiments

# %% q5
def benchmark(fn, warmup=1, repeats=5, sync=None, timer=None):
    n = 0
    while n >= 0:
        n += 1
    return {}
