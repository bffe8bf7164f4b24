# about: 편향을 보정하지 않는다
# question: q4
# hand: 50% the correction, the point of the section, is missing
# loses: test_q4_form_and_defaults
# loses: test_q4_first_step_is_the_rate_times_the_sign
# loses: test_q4_steady_gradient_gives_steady_steps
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    m = betas[0] * state.get("m", 0) + (1 - betas[0]) * g
    v = betas[1] * state.get("v", 0) + (1 - betas[1]) * g**2
    return p - lr * m / (v.sqrt() + eps), {"m": m, "v": v}
