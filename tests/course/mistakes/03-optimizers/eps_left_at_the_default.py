# ruff: noqa
# eps is left at its default
# question: q10
# says: 둘째 단계에 움직인 거리


def as_momentum(t, lr, beta):
    return {"lr": lr * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": 1e-8}
