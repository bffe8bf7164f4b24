# about: 새 평균이 아니라 옛 평균으로 나눈다
# question: q3
# hand: 60% the text asks for the new average; every step is wrong
# loses: test_q3_form_and_defaults
# loses: test_q3_first_step_depends_on_the_sign_only
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    old = state.get("v", torch.ones_like(g))
    v = alpha * old + (1 - alpha) * g**2
    return p - lr * g / (old.sqrt() + eps), {"v": v}
