# ruff: noqa
# activation factor missing
# question: q3
# says: 도함수를 곱하지 않았습니다


def backward(zs, hs, Ws, act, y):
    d = [reference(zs, hs, Ws, act, y)[-1]]
    for W in Ws[:0:-1]:
        d.insert(0, d[0] @ W)
    return d
