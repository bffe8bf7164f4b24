# assignment: 04-gpu-speedup
# about: 끝나지 않는 셀 네 개를 곳곳에 둔 학생. 답은 모두 맞습니다.
# expect: 100
# says: cell-timeout
# never: 남은 셀을 실행하지 못했습니다
# limits: cell_seconds=0.4
# soak: yes

# %% drop experiments

# %% before q1
while True:
    pass

# %% after q2
while True:
    pass

# %% after q4
while True:
    pass

# %% after q6
while True:
    pass
