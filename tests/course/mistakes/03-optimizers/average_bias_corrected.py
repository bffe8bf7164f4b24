# ruff: noqa
# average bias corrected
# question: q3
# says: RMSProp에는 편향 보정이 없습니다


def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    t = state.get("t", 0) + 1
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / ((v / (1 - alpha**t)).sqrt() + eps), {"v": v, "t": t}
