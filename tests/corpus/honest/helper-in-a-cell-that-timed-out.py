# assignment: 04-gpu-speedup
# about: 답이 쓰는 도우미를 정의한 셀이 끝나지 않은 학생. 셀을 멈추어도 이미 정의한 도우미는 남습니다.
# expect: 100
# says: cell-timeout
# limits: cell_seconds=0.6

# %% drop experiments

# %% before q3
def lower(a, b):
    return a if a < b else b


while lower(1, 2) == 1:
    pass

# %% q3
def ridge_point(peak, bandwidth):
    return lower(peak / bandwidth, math.inf)


def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return (ai * bandwidth).clamp(max=lower(peak, math.inf))
    return lower(ai * bandwidth, peak)
