# ruff: noqa
# moving average
# question: q2
# says: 이동 평균입니다. 이 과제의 모멘텀은 쌓는 규약


def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + (1 - beta) * g
    return p - lr * v, {"v": v}
