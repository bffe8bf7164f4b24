# assignment: 01-vanishing-gradients
# about: 모든 답을 쓴 뒤에 기본 dtype을 float64로 바꾸고 기울기를 끈 학생. 답을 쓸 때와 다르게 계산되는 문항은 답을 쓸 때처럼 채점합니다.
# expect: 100
# says: better-of-two

# %% drop experiments

# %% after q7-check
torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(4)
torch.set_num_interop_threads(2)
torch.autograd.set_detect_anomaly(True)
torch.set_grad_enabled(False)
np.random.seed(0)
np.seterr(all="raise")
