# ruff: noqa
# accuracy on the training part
# question: q7
# says: 훈련 데이터에서


def depth_sweep(act, depths, seed, data, **k):
    x, y, *_ = data
    return reference(act, depths, seed, (x, y, x, y), **k)
