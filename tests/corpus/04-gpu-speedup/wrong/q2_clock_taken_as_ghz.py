# about: clock을 GHz로 보고 1e9을 한 번 더 곱한다
# question: q2
# hand: 40% One of two functions is wrong by a factor, in a unit the text states in bold.
# loses: test_q2_a_core_does_two_operations_a_cycle

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock * 1e9


def doubling_years(factor, years):
    return years / math.log2(factor) if factor != 1 else math.inf
