# assignment: 04-gpu-speedup
# about: 프로세스가 갈라질 때 예외를 내는 함수를 걸어 둔 학생.
# expect: 100

# %% drop experiments

# %% after setup
def boom():
    raise RuntimeError("갈라지지 마세요")


os.register_at_fork(before=boom, after_in_parent=boom, after_in_child=boom)
