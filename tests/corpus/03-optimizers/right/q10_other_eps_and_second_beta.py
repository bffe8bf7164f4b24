# about: eps를 1e20으로, 둘째 beta를 0으로 두고 합으로 배수를 구한다
# question: q10

# %% q10
def as_momentum(t, lr, beta):
    grown = sum(beta**k for k in range(t))
    return {"lr": 1e20 * lr * grown, "betas": [beta, 0.0], "eps": 1e20}


def as_rmsprop(t, lr, alpha, eps):
    factor = (1 - alpha**t) ** -0.5
    return dict(lr=factor * lr, betas=[0, alpha], eps=factor * eps)
