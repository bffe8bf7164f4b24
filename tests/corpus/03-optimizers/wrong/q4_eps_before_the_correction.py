# about: 보정하기 전의 제곱근에 eps를 더한 뒤 보정한다
# question: q4
# hand: 25% right but for the place of eps
# loses: test_q4_fifty_steps_equal_torch

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    rate = lr * math.sqrt(1 - b2**t) / (1 - b1**t)
    return p - rate * m / (v.sqrt() + eps), {"m": m, "v": v, "t": t}
