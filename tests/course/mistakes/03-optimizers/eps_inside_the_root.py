# ruff: noqa
# eps inside the root
# question: q3
# says: eps를 제곱근 안에서 더했습니다


def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / (v + eps).sqrt(), {"v": v}
