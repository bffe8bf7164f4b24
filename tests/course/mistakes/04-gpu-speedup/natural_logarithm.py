# ruff: noqa
# natural logarithm
# question: q2
# says: 자연로그


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log(factor)
