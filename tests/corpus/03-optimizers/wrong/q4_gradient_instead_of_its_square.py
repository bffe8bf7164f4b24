# about: 기울기의 제곱이 아니라 크기를 평균한다
# question: q4
# hand: 50% one of the two averages is of the wrong thing, so ordinary steps are wrong
# loses: test_q4_form_and_defaults
# loses: test_q4_scale_of_the_gradients_does_not_matter
# loses: test_q4_second_beta_is_the_memory_of_squares
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g.abs()
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), {"m": m, "v": v, "t": t}
