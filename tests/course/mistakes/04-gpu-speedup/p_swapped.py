# ruff: noqa
# p swapped
# question: q4
# says: p와 1 - p가 바뀌었습니다


def amdahl(p, s):
    return 1 / (p + (1 - p) / s)
