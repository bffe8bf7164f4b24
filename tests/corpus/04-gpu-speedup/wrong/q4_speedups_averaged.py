# about: 시간이 아니라 배수를 비율대로 평균한다
# question: q4
# hand: 50% One of two functions is another formula for every input.
# loses: test_q4_speedup_of_the_whole
# loses: test_q4_an_infinitely_fast_part_leaves_the_rest

# %% q4
def amdahl(p, s):
    return (1 - p) + p * s


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return (1 - 1 / speedup) / (1 - 1 / s)
