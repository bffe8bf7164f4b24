# ruff: noqa
# gradients accumulate
# question: q7
# says: 지난 단계의 기울기가 쌓였습니다


def train(opt, task, lr, steps):
    total = 0

    def piled(p, g, state, lr):
        nonlocal total
        total = total + g
        return opt(p, total, state, lr=lr)

    return reference(piled, task, lr, steps)
