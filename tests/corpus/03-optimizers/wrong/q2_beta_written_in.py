# about: beta 인자 대신 언제나 0.9를 쓴다
# question: q2
# hand: 40% the parameter beta is ignored; the default is right
# loses: test_q2_steady_gradient_speeds_up
# loses: test_q2_coasts_when_the_gradient_vanishes
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = 0.9 * state.get("v", 0) + g
    return p - lr * v, {"v": v}
