# assignment: 04-gpu-speedup
# about: 멈추라는 신호까지 삼키는 셀을 남긴 학생. 답은 모두 맞습니다.
# expect: 100
# says: cell-timeout
# message: cells: 계산 시간
# limits: cell_seconds=0.6

# %% drop experiments

# %% after q3
count = 0
while True:
    try:
        count += 1
    except BaseException:
        pass
