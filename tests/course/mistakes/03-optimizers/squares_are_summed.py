# ruff: noqa
# squares are summed
# question: q3
# says: 이동 평균하지 않고 모두 더했습니다


def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = state.get("v", 0) + g**2
    return p - lr * g / (v.sqrt() + eps), {"v": v}
