# assignment: 04-gpu-speedup
# about: 자면서 멈추라는 신호를 삼키는 셀을 남긴 학생.
# expect: 100
# says: cell-timeout
# message: cells: 기다리
# never: 반복문
# limits: cell_seconds=0.8 asleep_seconds=0.8
# soak: yes

# %% drop experiments

# %% after q3
while True:
    try:
        time.sleep(10)
    except BaseException:
        pass
