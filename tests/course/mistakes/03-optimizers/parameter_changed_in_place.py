# ruff: noqa
# parameter changed in place
# question: q1
# says: 제자리에서 바꿉니다


def sgd(p, g, state, lr=0.01):
    p -= lr * g
    return p, state
