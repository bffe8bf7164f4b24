# assignment: 04-gpu-speedup
# about: 첫 답보다 앞에 끝나지 않는 셀을 둔 학생.
# expect: 100
# says: cell-timeout
# limits: cell_seconds=0.6

# %% drop experiments

# %% before q1
n = 0
while n < 10:
    n += 0
