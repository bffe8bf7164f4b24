# ruff: noqa
# betas swapped
# question: q4
# says: betas의 두 값이 서로 바뀌었습니다


def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    return reference(p, g, state, lr, betas[::-1], eps)
