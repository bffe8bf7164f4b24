# about: eps 인자 대신 언제나 1e-8을 더한다
# question: q4
# hand: 25% one documented parameter is ignored; the default is right
# loses: test_q4_scale_of_the_gradients_does_not_matter
# loses: test_q4_eps_is_added_to_the_root
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + 1e-8), {"m": m, "v": v, "t": t}
