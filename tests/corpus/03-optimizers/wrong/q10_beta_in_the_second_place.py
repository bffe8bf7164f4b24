# about: beta를 betas의 둘째에 넣는다
# question: q10
# hand: 45% as_momentum has a beta of its own; only the size of eps is right in it
# loses: test_q10_adam_follows_momentum
# loses: test_q10_steps_point_along_the_velocity
# loses: test_q10_later_steps_are_as_long_as_momentums
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12 * (1 - beta**t) / (1 - beta), "betas": (0.9, beta), "eps": 1e12}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
