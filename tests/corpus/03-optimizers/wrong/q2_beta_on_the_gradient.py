# about: 옛 속도가 아니라 새 기울기에 beta를 곱한다
# question: q2
# hand: 70% another recursion that forgets nothing and is wrong from the first step
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_steady_gradient_speeds_up
# loses: test_q2_coasts_when_the_gradient_vanishes
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = state.get("v", 0) + beta * g
    return p - lr * v, {"v": v}
