# about: eps가 100이어서 기울기에 비해 넉넉히 크지 않다
# question: q10
# hand: 35% as_momentum is right in idea, far from the stated accuracy
# loses: test_q10_adam_follows_momentum
# loses: test_q10_first_step_is_that_of_gradient_descent
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 100 * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": 100.0}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
