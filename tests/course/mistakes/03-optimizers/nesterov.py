# ruff: noqa
# look-ahead
# question: q2
# says: Nesterov


def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + g
    return p - lr * (g + beta * v), {"v": v}
