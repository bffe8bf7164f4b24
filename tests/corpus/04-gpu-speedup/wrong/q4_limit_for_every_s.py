# about: s와 상관없이 한계 1/(1-p)를 돌려준다
# question: q4
# hand: 45% One of two functions ignores an argument.
# loses: test_q4_speedup_of_the_whole

# %% q4
def amdahl(p, s):
    return math.inf if p == 1 and s == math.inf else 1 / max(1 - p, 1e-12)


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return (1 - 1 / speedup) / (1 - 1 / s)
