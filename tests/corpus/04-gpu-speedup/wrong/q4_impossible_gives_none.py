# about: 불가능한 배수이면 안내만 출력하고 끝난다
# question: q4
# hand: 20% The error the text asks for is not raised; all values are right.
# loses: test_q4_impossible_speedup_raises_value_error

# %% q4
def amdahl(p, s):
    rest = 1 - p + p / s
    return math.inf if rest == 0 else 1 / rest


def amdahl_fraction(speedup, s):
    if speedup > s:
        print("그렇게 빨라질 수는 없습니다.")
        return None
    return (1 - 1 / speedup) / (1 - 1 / s)
