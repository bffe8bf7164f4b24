# about: factor가 1이면 0으로 나눈다
# question: q2
# hand: 20% The one edge case that the text names is not handled.
# loses: test_q2_no_growth_never_doubles

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock


def doubling_years(factor, years):
    return years / math.log2(factor)
