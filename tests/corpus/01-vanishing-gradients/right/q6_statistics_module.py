# about: 표준 라이브러리의 statistics.linear_regression을 쓰고 비율을 뒤집어 센다
# question: q6

# %% q6
from statistics import linear_regression


def decay_factor(norms):
    kept = [(-l, math.log2(float(v))) for l, v in enumerate(norms) if 0 < float(v) < math.inf]
    if len(kept) < 2:
        return float("nan")
    return 2 ** linear_regression(*zip(*kept)).slope
