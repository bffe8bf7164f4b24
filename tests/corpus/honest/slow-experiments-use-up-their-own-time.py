# assignment: 04-gpu-speedup
# about: 긴 실험 네 개가 실험에 주어진 시간을 다 쓴 학생. 답은 모두 채점됩니다.
# expect: 100
# says: notebook-timeout
# limits: cell_seconds=2 notebook_seconds=1.5
# soak: yes

# %% drop experiments

# %% after q1
stop = time.process_time() + 0.6
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q2
stop = time.process_time() + 0.6
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q3
stop = time.process_time() + 0.6
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q4
stop = time.process_time() + 0.6
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)
