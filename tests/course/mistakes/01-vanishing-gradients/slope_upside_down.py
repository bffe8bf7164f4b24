# ruff: noqa
# slope upside down
# question: q6
# says: 비율이 거꾸로


def decay_factor(norms):
    return 1 / reference(norms)
