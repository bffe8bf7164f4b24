# about: 코어 수 3072를 적어 두었다
# question: q2
# hand: 45% One of two functions ignores one of its two arguments.
# loses: test_q2_a_core_does_two_operations_a_cycle
# loses: test_q2_peak_grows_with_cores_and_clock

# %% q2
def peak_flops(cores, clock):
    cores = 3072
    return 2 * cores * clock


def doubling_years(factor, years):
    return years / math.log2(factor) if factor != 1 else math.inf
