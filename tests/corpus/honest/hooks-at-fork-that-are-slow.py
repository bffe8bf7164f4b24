# assignment: 04-gpu-speedup
# about: 프로세스가 갈라질 때 몇 초씩 걸리는 함수를 걸어 둔 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=2

# %% drop experiments

# %% after q8-check
os.register_at_fork(before=lambda: time.sleep(3), after_in_child=lambda: time.sleep(3))
