# about: 문제 1과 2의 옵티마이저가 틀렸지만, 그것으로 단계를 세고 학습하는 문제 6과 7에서는 다시 점수를 잃지 않는다
# loses: test_q1_moves_by_the_rate_times_the_gradient
# loses: test_q1_fifty_steps_equal_torch
# loses: test_q1_default_rate
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_fifty_steps_equal_torch

# %% q1
def sgd(p, g, state, lr=0.01):
    return p + 0.5 * lr * g, {}

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + (1 - beta) * g
    return p - lr * v, {"v": v}
