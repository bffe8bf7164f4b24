# about: RMSProp을 흉내 내면서 편향 보정을 되돌리지 않는다
# question: q10
# hand: 30% in as_rmsprop nothing is undone, only the betas are right
# loses: test_q10_adam_follows_rmsprop
# loses: test_q10_rmsprop_without_eps

# %% q10
def as_momentum(t, lr, beta):
    eps = 1e12
    return {"lr": lr * eps * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": eps}


def as_rmsprop(t, lr, alpha, eps):
    return {"lr": lr, "betas": (0.0, alpha), "eps": eps}
