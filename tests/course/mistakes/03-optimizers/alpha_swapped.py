# ruff: noqa
# alpha swapped
# question: q3
# says: alpha와 1 - alpha가 서로 바뀌었습니다


def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    return reference(p, g, state, lr, 1 - alpha, eps)
