# ruff: noqa
# gradient aliased
# question: q2
# says: g를 그대로 state에 담았습니다


def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state["v"] + g if state else g
    return p - lr * v, {"v": v}
