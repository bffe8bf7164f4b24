# assignment: 04-gpu-speedup
# about: 처음부터 기본 dtype을 float64로 바꾸고 결정적 알고리즘, 시드, 스레드 수를 정한 학생.
# expect: 100

# %% drop experiments

# %% before q1
torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(4)
torch.set_num_interop_threads(2)
torch.autograd.set_detect_anomaly(True)
np.random.seed(0)
