# assignment: 03-optimizers
# about: 마지막에 끝나지 않는 셀을 둔 학생.
# expect: 100
# says: cell-timeout
# message: cells: 계산 시간
# limits: cell_seconds=0.6
# soak: yes

# %% drop experiments

# %% after q8-check
while True:
    p, state = sgd(torch.zeros(2), torch.ones(2), {})
