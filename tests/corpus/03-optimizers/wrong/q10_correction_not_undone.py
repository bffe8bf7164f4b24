# about: 편향 보정을 되돌리지 않고 모든 단계에 같은 학습률을 쓴다
# question: q10
# hand: 30% one of the three things to undo in as_momentum is missing, so all early steps are wrong
# loses: test_q10_adam_follows_momentum
# loses: test_q10_first_step_is_that_of_gradient_descent
# loses: test_q10_large_and_small_gradients

# %% q10
def as_momentum(t, lr, beta):
    return {"lr": lr * 1e12 / (1 - beta), "betas": (beta, 0.999), "eps": 1e12}


def as_rmsprop(t, lr, alpha, eps):
    root = math.sqrt(1 - alpha**t)
    return {"lr": lr / root, "betas": (0.0, alpha), "eps": eps / root}
