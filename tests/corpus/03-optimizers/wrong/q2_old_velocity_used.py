# about: 새 속도가 아니라 옛 속도로 움직인다
# question: q2
# hand: 65% every step is one late, the first does not move
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = state.get("v", torch.zeros_like(p))
    return p - lr * v, {"v": beta * v + g}
