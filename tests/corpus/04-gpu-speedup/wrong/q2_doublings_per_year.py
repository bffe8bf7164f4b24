# about: 1년에 몇 번 두 배가 되는지를 돌려준다
# question: q2
# hand: 45% One of two functions returns the reciprocal of what is asked.
# loses: test_q2_years_to_double

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock


def doubling_years(factor, years):
    if factor == 1:
        return math.inf
    return math.log2(factor) / years
