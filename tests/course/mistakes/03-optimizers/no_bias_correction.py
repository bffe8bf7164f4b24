# ruff: noqa
# no bias correction
# question: q4
# says: 편향을 보정하지 않았습니다


def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    m = betas[0] * state.get("m", 0) + (1 - betas[0]) * g
    v = betas[1] * state.get("v", 0) + (1 - betas[1]) * g**2
    return p - lr * m / (v.sqrt() + eps), {"m": m, "v": v}
