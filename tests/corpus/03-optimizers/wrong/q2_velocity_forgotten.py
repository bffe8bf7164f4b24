# about: 속도를 state에 담아 돌려주지 않는다
# question: q2
# hand: 75% nothing is remembered, so it is gradient descent
# loses: test_q2_form_and_defaults
# loses: test_q2_steady_gradient_speeds_up
# loses: test_q2_coasts_when_the_gradient_vanishes
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + g
    return p - lr * v, {}
