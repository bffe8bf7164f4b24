# about: lr의 기본값을 다른 옵티마이저와 같은 0.01로 둔다
# question: q4
# hand: 15% the documented default is another
# loses: test_q4_form_and_defaults

# %% q4
def adam(p, g, state, lr=0.01, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    t = state.get("t", 0) + 1
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), {"m": m, "v": v, "t": t}
