# ruff: noqa
# no division by N
# question: q3
# says: N으로 나누지 않았습니다


def backward(zs, hs, Ws, act, y):
    return [len(y) * d for d in reference(zs, hs, Ws, act, y)]
