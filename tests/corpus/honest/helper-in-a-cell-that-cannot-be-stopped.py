# assignment: 04-gpu-speedup
# about: 답이 쓰는 도우미를 정의한 셀이 끝나지 않은 학생. 신호로 멈출 수 없어 도우미도 없으며, 학생의 오타로 돌리지 않습니다.
# expect: 93
# loses-question: q3
# says: cell-timeout
# never: NameError
# never: 이름을 잘못
# limits: cell_seconds=0.6
# soak: yes

# %% drop experiments

# %% before q3
def lower(a, b):
    return a if a < b else b


while lower(1, 2) == 1:
    try:
        while True:
            lower(2, 1)
    except BaseException:
        pass

# %% q3
def ridge_point(peak, bandwidth):
    return lower(peak / bandwidth, math.inf)


def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return (ai * bandwidth).clamp(max=lower(peak, math.inf))
    return lower(ai * bandwidth, peak)
