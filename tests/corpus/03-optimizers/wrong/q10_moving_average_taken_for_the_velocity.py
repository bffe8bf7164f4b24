# about: 쌓는 속도와 이동 평균의 배수 1 - beta를 잊는다
# question: q10
# hand: 35% one of the three things to undo in as_momentum is missing, so every step is too short
# loses: test_q10_adam_follows_momentum
# loses: test_q10_later_steps_are_as_long_as_momentums
# loses: test_q10_first_step_is_that_of_gradient_descent
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12 * (1 - beta**t), "betas": (beta, 0.999), "eps": 1e12}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
