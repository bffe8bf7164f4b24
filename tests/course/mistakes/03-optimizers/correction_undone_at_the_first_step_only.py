# ruff: noqa
# undone for t = 1, and so for all
# question: q10
# says: 되돌릴 배수는 t에 따라


def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12, "betas": (beta, 0.999), "eps": 1e12}
