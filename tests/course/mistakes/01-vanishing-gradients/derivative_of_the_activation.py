# ruff: noqa
# derivative of the activation
# question: q3
# says: 활성값 hs[l+1]에서


def backward(zs, hs, Ws, act, y):
    return reference(hs[1:-1] + [zs[-1]], hs, Ws, act, y)
