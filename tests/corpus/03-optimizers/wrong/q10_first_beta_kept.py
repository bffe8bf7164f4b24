# about: RMSProp을 흉내 내면서 beta1을 0.9로 둔다
# question: q10
# hand: 30% as_rmsprop keeps the average of the gradient, so all its steps are wrong; the scaling is right
# loses: test_q10_adam_follows_rmsprop
# loses: test_q10_rmsprop_without_eps
# loses: test_q10_later_steps_are_those_of_rmsprop

# %% q10
def as_momentum(t, lr, beta):
    eps = 1e12
    return {"lr": lr * eps * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": eps}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.9, alpha), "eps": eps / root}
