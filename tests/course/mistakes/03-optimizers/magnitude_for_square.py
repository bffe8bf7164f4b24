# ruff: noqa
# magnitude for square
# question: q3
# says: 기울기의 제곱이 아니라 기울기를 평균했습니다


def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", 0) + (1 - alpha) * g.abs()
    return p - lr * g / (v.sqrt() + eps), {"v": v}
