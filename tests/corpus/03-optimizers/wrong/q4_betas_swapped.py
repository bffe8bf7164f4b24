# about: betas의 두 값을 서로 바꾸어 쓴다
# question: q4
# hand: 50% the two rates are exchanged, so every step but the first is wrong; the rest stands
# loses: test_q4_form_and_defaults
# loses: test_q4_first_beta_is_inertia
# loses: test_q4_second_beta_is_the_memory_of_squares
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b2, b1 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), {"m": m, "v": v, "t": t}
