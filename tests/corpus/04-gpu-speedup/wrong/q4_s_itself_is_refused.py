# about: 전체가 꼭 s배인 경우까지 불가능하다고 한다
# question: q4
# hand: 15% One edge is refused that the text allows.
# loses: test_q4_fraction_at_its_two_ends

# %% q4
def amdahl(p, s):
    rest = 1 - p + p / s
    return math.inf if rest == 0 else 1 / rest


def amdahl_fraction(speedup, s):
    if speedup >= s:
        raise ValueError
    return (1 - 1 / speedup) / (1 - 1 / s)
