# about: TFLOP/s로 바꾸어 돌려준다
# question: q2
# hand: 40% One of two functions returns another unit than the one stated.
# loses: test_q2_a_core_does_two_operations_a_cycle

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock / 1e12


def doubling_years(factor, years):
    return years / math.log2(factor) if factor != 1 else math.inf
