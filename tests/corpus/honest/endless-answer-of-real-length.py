# assignment: 04-gpu-speedup
# about: 끝나지 않는 답을 점검과 실험에서도 부르는 노트북, 과제의 한도 그대로.
# expect: 84
# loses-question: q5
# says: cell-timeout
# may-say: notebook-timeout
# message: q5: 주어진 시간
# soak: yes

# %% q5
def benchmark(fn, warmup=1, repeats=5, sync=None, timer=None):
    n = 0
    while n >= 0:
        n += 1
    return {}
