# about: 불가능한 배수이면 1로 잘라서 돌려준다
# question: q4
# hand: 20% The error the text asks for is not raised; all values are right.
# loses: test_q4_impossible_speedup_raises_value_error

# %% q4
def amdahl(p, s):
    rest = 1 - p + p / s
    return math.inf if rest == 0 else 1 / rest


def amdahl_fraction(speedup, s):
    return min(1.0, (1 - 1 / speedup) / (1 - 1 / s))
