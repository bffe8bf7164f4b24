# assignment: 04-gpu-speedup
# about: 자기 프로세스의 우선순위를 낮춘 학생.
# expect: 100

# %% drop experiments

# %% before q1
os.nice(19)
