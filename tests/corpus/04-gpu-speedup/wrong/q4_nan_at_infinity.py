# about: 분자와 분모에 s를 곱해 정리하여, s가 무한대이면 nan이 된다
# question: q4
# hand: 20% The infinite s that the text names gives nan; all else is right.
# loses: test_q4_an_infinitely_fast_part_leaves_the_rest

# %% q4
def amdahl(p, s):
    if p == 1:
        return s
    return s / (s * (1 - p) + p)


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("불가능한 배수입니다")
    return (1 - 1 / speedup) / (1 - 1 / s)
