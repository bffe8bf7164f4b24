# ruff: noqa
# classes swapped
# question: q8
# says: +1인 표본은 자기만의 특성이 하나입니다


def wilson_problem(n, p, gen):
    X, y = reference(n, 1 - p, gen)
    X[:, 0] = -y
    return X, -y
