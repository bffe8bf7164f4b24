# about: Adam처럼 편향을 보정한다
# question: q3
# hand: 50% a correction the formula does not have, so all early steps are wrong
# loses: test_q3_form_and_defaults
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    t = state.get("t", 0) + 1
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / ((v / (1 - alpha**t)).sqrt() + eps), {"v": v, "t": t}
