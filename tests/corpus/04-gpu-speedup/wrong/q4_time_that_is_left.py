# about: 배수가 아니라 남은 시간을 돌려준다
# question: q4
# hand: 45% One of two functions returns the reciprocal of what is asked.
# loses: test_q4_speedup_of_the_whole
# loses: test_q4_an_infinitely_fast_part_leaves_the_rest
# loses: test_q4_everything_infinitely_fast_is_infinite

# %% q4
def amdahl(p, s):
    return (1 - p) + p / s


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return (1 - 1 / speedup) / (1 - 1 / s)
