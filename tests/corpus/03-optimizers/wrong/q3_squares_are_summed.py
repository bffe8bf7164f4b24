# about: 이동 평균을 내지 않고 제곱을 모두 더한다 (AdaGrad)
# question: q3
# hand: 65% another method, AdaGrad
# loses: test_q3_form_and_defaults
# loses: test_q3_square_of_the_root_is_a_moving_average
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = state.get("v", 0) + g**2
    return p - lr * g / (v.sqrt() + eps), {"v": v}
