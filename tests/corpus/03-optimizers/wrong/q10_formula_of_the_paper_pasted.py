# about: 논문의 극한 lr = eps * lr, beta1 = beta를 그대로 옮긴다
# question: q10
# hand: 40% two of the three things to undo in as_momentum are missing, so it is right at the first step only
# loses: test_q10_adam_follows_momentum
# loses: test_q10_later_steps_are_as_long_as_momentums
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12, "betas": (beta, 0.0), "eps": 1e12}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
