# about: 쌓지 않고 이동 평균을 낸다 (v = beta v + (1 - beta) g)
# question: q2
# hand: 65% the text says in bold that it is not a moving average; every step is too short by 1 - beta
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = state.get("v", torch.zeros_like(p))
    v = beta * v + (1 - beta) * g
    return p - lr * v, {"v": v}
