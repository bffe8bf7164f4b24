# about: 보정한 값을 state에 담아 보정이 거듭된다
# question: q4
# hand: 45% the first step is right, then the correction piles up, of which the hint warns
# loses: test_q4_form_and_defaults
# loses: test_q4_steady_gradient_gives_steady_steps
# loses: test_q4_second_beta_is_the_memory_of_squares
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = (b1 * state.get("m", 0) + (1 - b1) * g) / (1 - b1**t)
    v = (b2 * state.get("v", 0) + (1 - b2) * g**2) / (1 - b2**t)
    return p - lr * m / (v.sqrt() + eps), {"m": m, "v": v, "t": t}
