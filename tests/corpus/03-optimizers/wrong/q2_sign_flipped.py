# about: 속도를 빼지 않고 더한다
# question: q2
# hand: 70% every step goes up the slope
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_coasts_when_the_gradient_vanishes
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + g
    return p + lr * v, {"v": v}
