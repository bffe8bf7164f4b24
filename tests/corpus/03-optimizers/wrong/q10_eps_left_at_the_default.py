# about: eps를 기본값으로 두고 학습률만 맞추려 한다
# question: q10
# hand: 50% the main idea of as_momentum is missing, so it is Adam with another rate
# loses: test_q10_adam_follows_momentum
# loses: test_q10_steps_point_along_the_velocity
# loses: test_q10_later_steps_are_as_long_as_momentums
# loses: test_q10_first_step_is_that_of_gradient_descent
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * (1 - beta**t) / (1 - beta), "betas": (beta, 0.999), "eps": 1e-8}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
