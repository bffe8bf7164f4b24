# ruff: noqa
# fma counted once
# question: q2
# says: FMA 하나는 곱셈과 덧셈


def peak_flops(cores, clock):
    return cores * clock
