# about: p와 1 - p를 바꾸어 쓴다 (두 함수 모두)
# question: q4
# hand: 70% Both functions are wrong for ordinary inputs; the idea and the edge cases are there.
# loses: test_q4_speedup_of_the_whole
# loses: test_q4_everything_infinitely_fast_is_infinite
# loses: test_q4_fraction_that_gives_a_speedup
# loses: test_q4_fraction_at_its_two_ends

# %% q4
def amdahl(p, s):
    rest = p + (1 - p) / s
    return math.inf if rest == 0 else 1 / rest


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return 1 - (1 - 1 / speedup) / (1 - 1 / s)
