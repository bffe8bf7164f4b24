# assignment: 03-optimizers
# about: 오래 걸리는 셀 여러 개 뒤에 끝나지 않는 셀을 남긴 학생. 앞의 셀은 다시 실행하지 않습니다.
# expect: 100
# says: cell-timeout
# message: cells: 계산 시간
# limits: cell_seconds=1 notebook_seconds=4

# %% drop experiments

# %% after q1
import time

stop = time.process_time() + 0.6
while time.process_time() < stop:
    pass

# %% after q3
stop = time.process_time() + 0.6
while time.process_time() < stop:
    pass

# %% after q5
n = 0
while True:
    n += 1
