# about: log2 대신 자연로그로 나눈다
# question: q2
# hand: 40% One of two functions has the wrong logarithm; its edge case is right.
# loses: test_q2_years_to_double

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock


def doubling_years(factor, years):
    if factor == 1:
        return float("inf")
    return years / math.log(factor)
