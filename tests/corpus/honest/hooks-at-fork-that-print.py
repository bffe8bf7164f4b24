# assignment: 04-gpu-speedup
# about: 프로세스가 갈라질 때마다 출력하는 함수를 걸어 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
os.register_at_fork(
    before=lambda: print("before"), after_in_parent=lambda: print("parent"), after_in_child=lambda: print("child")
)
