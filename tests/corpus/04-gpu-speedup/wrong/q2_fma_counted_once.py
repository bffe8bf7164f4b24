# about: FMA 하나를 연산 한 번으로 센다
# question: q2
# hand: 45% One of two functions is wrong by a factor for every input.
# loses: test_q2_a_core_does_two_operations_a_cycle

# %% q2
def peak_flops(cores, clock):
    return cores * clock


def doubling_years(factor, years):
    return years / math.log2(factor) if factor != 1 else math.inf
