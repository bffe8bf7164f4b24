# assignment: 04-gpu-speedup
# about: 45초씩 걸리는 실험 네 개를 답 사이에 둔 학생. 넷째는 멈출 수 있습니다.
# expect: 100
# may-say: notebook-timeout
# soak: yes

# %% drop experiments

# %% after q1
stop = time.process_time() + 50
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q2
stop = time.process_time() + 50
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q3
stop = time.process_time() + 50
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)

# %% after q4
stop = time.process_time() + 50
while time.process_time() < stop:
    torch.randn(64, 64) @ torch.randn(64, 64)
