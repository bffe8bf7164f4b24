# about: 필요한 비율을 s가 무한대인 식으로 구한다
# question: q4
# hand: 40% One of two functions ignores an argument; its check for the impossible is right.
# loses: test_q4_fraction_that_gives_a_speedup
# loses: test_q4_fraction_at_its_two_ends

# %% q4
def amdahl(p, s):
    rest = 1 - p + p / s
    return math.inf if rest == 0 else 1 / rest


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError
    return 1 - 1 / speedup
