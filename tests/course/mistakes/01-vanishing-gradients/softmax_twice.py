# ruff: noqa
# softmax twice
# question: q3
# says: softmax를 두 번


def backward(zs, hs, Ws, act, y):
    return reference([*zs[:-1], zs[-1].softmax(1)], hs, Ws, act, y)
