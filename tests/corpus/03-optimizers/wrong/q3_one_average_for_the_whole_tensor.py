# about: 원소마다가 아니라 텐서 전체의 평균 제곱을 쓴다
# question: q3
# hand: 50% right for one number only, where the text asks for every element by itself
# loses: test_q3_form_and_defaults
# loses: test_q3_first_step_depends_on_the_sign_only
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", 0) + (1 - alpha) * (g**2).mean()
    return p - lr * g / (v.sqrt() + eps), {"v": v}
