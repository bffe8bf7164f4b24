# about: 방향에 이동 평균 m 대신 기울기를 그대로 쓴다
# question: q4
# hand: 50% one of the two averages is missing
# loses: test_q4_form_and_defaults
# loses: test_q4_first_beta_is_inertia
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    t = state.get("t", 0) + 1
    v = betas[1] * state.get("v", 0) + (1 - betas[1]) * g**2
    return p - lr * g / ((v / (1 - betas[1] ** t)).sqrt() + eps), {"v": v, "t": t}
