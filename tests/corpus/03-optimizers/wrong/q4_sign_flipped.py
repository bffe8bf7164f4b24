# about: 더해야 할 곳과 빼야 할 곳을 바꾸었다
# question: q4
# hand: 60% every step goes up the slope; all pieces are there
# loses: test_q4_form_and_defaults
# loses: test_q4_first_step_is_the_rate_times_the_sign
# loses: test_q4_steady_gradient_gives_steady_steps
# loses: test_q4_first_beta_is_inertia
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    return p + lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), {"m": m, "v": v, "t": t}
