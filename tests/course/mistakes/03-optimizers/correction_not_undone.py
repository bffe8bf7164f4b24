# ruff: noqa
# the correction is not undone
# question: q10
# says: 편향 보정이 m을 두 배로


def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12 / (1 - beta) * 1.0, "betas": (beta, 0.999), "eps": 1e12}
