# about: 배수가 해마다 똑같이 더해진다고 본다
# question: q2
# hand: 50% One of two functions is another formula, and its edge case is missing too.
# loses: test_q2_years_to_double
# loses: test_q2_no_growth_never_doubles

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock


def doubling_years(factor, years):
    return years / (factor / 2)
