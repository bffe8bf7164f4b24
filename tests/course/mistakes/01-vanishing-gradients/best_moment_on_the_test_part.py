# ruff: noqa
# the best test accuracy
# question: q7
# says: 좋은 것을 골랐습니다


def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    moments = [reference(act, depths, seed, data, width=width, steps=s, lr=lr) for s in range(0, steps + 1, 3)]
    return {d: max(m[d] for m in moments) for d in depths}
