# about: 학습률은 되돌리고 eps는 그대로 둔다
# question: q10
# hand: 20% half of as_rmsprop: right where eps is 0
# loses: test_q10_adam_follows_rmsprop

# %% q10
def as_momentum(t, lr, beta):
    eps = 1e12
    return {"lr": lr * eps * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": eps}


def as_rmsprop(t, lr, alpha, eps):
    return {"lr": lr / math.sqrt(1 - alpha**t), "betas": (0.0, alpha), "eps": eps}
