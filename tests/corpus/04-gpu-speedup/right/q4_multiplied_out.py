# about: 분모를 곱해 정리하고 무한대는 따로 다룬다
# question: q4

# %% q4
def amdahl(p, s):
    if math.isinf(s):
        return math.inf if p == 1 else 1 / (1 - p)
    return s / (s * (1 - p) + p)


def amdahl_fraction(speedup, s):
    if not speedup <= s:
        raise ValueError(f"{s}배로는 {speedup}배를 만들 수 없습니다")
    return s * (speedup - 1) / (speedup * (s - 1))
