# ruff: noqa
# sign flipped
# question: q1
# says: 부호가 반대입니다


def sgd(p, g, state, lr=0.01):
    return p + lr * g, {}
