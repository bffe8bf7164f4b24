# about: t를 0부터 세는 것으로 여겨 1을 더한다
# question: q10
# hand: 30% one of the three things to undo in as_momentum is of another step, so all early steps are wrong
# loses: test_q10_adam_follows_momentum
# loses: test_q10_first_step_is_that_of_gradient_descent
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12 * (1 - beta ** (t + 1)) / (1 - beta), "betas": (beta, 0.999), "eps": 1e12}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
