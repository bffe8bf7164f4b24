# about: 비율을 이분법으로 찾는다
# question: q4

# %% q4
def amdahl(p, s):
    time_left = sum([1.0 - p, 0.0 if s == math.inf else p / s])
    try:
        return 1.0 / time_left
    except ZeroDivisionError:
        return math.inf


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("speedup > s")
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if amdahl(middle, s) < speedup:
            low = middle
        else:
            high = middle
    return high
