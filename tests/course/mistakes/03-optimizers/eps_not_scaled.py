# ruff: noqa
# only lr is scaled
# question: q10
# says: 같은 수를 eps에도


def as_rmsprop(t, lr, alpha, eps):
    return {"lr": lr / (1 - alpha**t) ** 0.5, "betas": (0.0, alpha), "eps": eps}
