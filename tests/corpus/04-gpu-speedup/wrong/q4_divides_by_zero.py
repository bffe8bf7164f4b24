# about: 전체가 무한히 빨라지면 0으로 나눈다
# question: q4
# hand: 15% One edge case that the text names raises an error.
# loses: test_q4_everything_infinitely_fast_is_infinite

# %% q4
def amdahl(p, s):
    return 1 / ((1 - p) + p / s)


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return (1 - 1 / speedup) / (1 - 1 / s)
