# assignment: 03-optimizers
# about: torch의 스레드 수를 바꾸고 큰 곱으로 스레드를 깨워 둔 학생.
# expect: 100

# %% drop experiments

# %% after setup
torch.set_num_threads(4)
torch.set_num_interop_threads(2)
big = torch.randn(600, 600)
print((big @ big).norm() > 0)

# %% after q8-check
torch.set_num_threads(3)
print((big @ big).norm() > 0)
