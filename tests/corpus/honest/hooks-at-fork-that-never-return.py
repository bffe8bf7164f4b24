# assignment: 04-gpu-speedup
# about: 갈라진 프로세스에서 끝나지 않는 함수를 걸어 둔 학생.
# expect: 100
# limits: call_seconds=1 question_seconds=1

# %% drop experiments

# %% after q8-check
def forever():
    while True:
        pass


os.register_at_fork(after_in_child=forever)
