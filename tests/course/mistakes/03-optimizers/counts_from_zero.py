# ruff: noqa
# t counted from zero
# question: q4
# says: t를 0부터 세면


def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    t = state.get("t", 0)
    m = betas[0] * state.get("m", 0) + (1 - betas[0]) * g
    v = betas[1] * state.get("v", 0) + (1 - betas[1]) * g**2
    return p - lr * m / (1 - betas[0] ** t) / ((v / (1 - betas[1] ** t)).sqrt() + eps), {"m": m, "v": v, "t": t + 1}
