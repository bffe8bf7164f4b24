# assignment: 04-gpu-speedup
# about: 아주 오래 자는 셀을 남긴 학생.
# expect: 100
# says: cell-timeout
# message: cells: 기다리
# never: 반복문
# limits: cell_seconds=2 asleep_seconds=0.8

# %% drop experiments

# %% after q4
time.sleep(10**6)
