# about: 문제 6의 셀에 끝나지 않는 반복문을 남긴 학생
# expect: 92

# %% drop experiments

# %% q6
slope = 0.0
target = torch.tensor([1e-3, 1e-2, 1e-1]).log()
while (target - slope * torch.arange(3)).abs().max() > 1e-6:
    slope = slope + 0.0  # 여기서 slope를 고치려고 했습니다.


def decay_factor(norms):
    return math.exp(-slope)

# %% reflection
# 기울기가 층마다 곱해지면서 작아집니다.
