# about: alpha와 1 - alpha를 서로 바꾸었다
# question: q3
# hand: 65% the weights are exchanged, so every step but those of alpha = 0.5 is wrong
# loses: test_q3_form_and_defaults
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = (1 - alpha) * state.get("v", 0) + alpha * g**2
    return p - lr * g / (v.sqrt() + eps), {"v": v}
