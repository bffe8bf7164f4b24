# ruff: noqa
# unknown name accepted
# question: q1
# says: ValueError가 발생하지 않습니다


def act_and_grad(n, z):
    return reference(n if n in ("sigmoid", "tanh") else "relu", z)
