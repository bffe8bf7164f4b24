# about: sqrt(1 - alpha^t)가 아니라 1 - alpha^t로 되돌린다
# question: q10
# hand: 25% the correction of as_rmsprop is there, without its root
# loses: test_q10_adam_follows_rmsprop
# loses: test_q10_rmsprop_without_eps

# %% q10
def as_momentum(t, lr, beta):
    eps = 1e12
    return {"lr": lr * eps * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": eps}


def as_rmsprop(t, lr, alpha, eps):
    c = 1 - alpha**t
    return {"lr": lr / c, "betas": (0.0, alpha), "eps": eps / c}
