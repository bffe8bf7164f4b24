# about: 제곱근을 취하지 않는다
# question: q3
# hand: 65% the plain value is wrong for ordinary inputs
# loses: test_q3_form_and_defaults
# loses: test_q3_first_step_depends_on_the_sign_only
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / (v + eps), {"v": v}
