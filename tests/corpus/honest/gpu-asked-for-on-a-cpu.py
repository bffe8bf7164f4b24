# assignment: 04-gpu-speedup
# about: GPU가 있는 줄 알고 재는 줄을 답 셀의 첫머리에 둔 학생. 함수는 장치를 가리지 않습니다.
# expect: 100
# shows: 채점 환경에는 GPU가 없습니다. torch.cuda.is_available()로 확인하고 장치를 정해 보세요. 1번째 줄을 건너뛰고

# %% drop experiments

# %% q7
torch.cuda.synchronize()
on_gpu = torch.ones(3).cuda()
print(on_gpu.sum())
torch.cuda.reset_peak_memory_stats()

def pairwise_sq_dists(X, Y):
    cross = X @ Y.T
    return ((X**2).sum(1, keepdim=True) + (Y**2).sum(1) - 2 * cross).clamp(min=0)
