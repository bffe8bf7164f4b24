# assignment: 04-gpu-speedup
# about: 갈라진 프로세스를 바로 끝내는 함수를 걸어 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
os.register_at_fork(after_in_child=lambda: os._exit(0))
