# assignment: 04-gpu-speedup
# about: 답이 쓰는 도우미를 정의하기 전에 그 셀이 끝나지 않은 학생. 없는 이름을 학생의 오타로 돌리지 않습니다.
# expect: 88
# loses-question: q3
# says: cell-timeout
# never: NameError
# never: 이름을 잘못
# limits: cell_seconds=0.6

# %% drop experiments

# %% before q3
import time

while True:
    if time.monotonic() < 0:
        break


def lower(a, b):
    return a if a < b else b

# %% q3
def ridge_point(peak, bandwidth):
    return lower(peak / bandwidth, math.inf)


def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return (ai * bandwidth).clamp(max=lower(peak, math.inf))
    return lower(ai * bandwidth, peak)
