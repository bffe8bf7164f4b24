# ruff: noqa
# beta not squared
# question: q5
# says: 마지막에 제곱하지 않았습니다


def heavy_ball_optimal(mu, L):
    lr, beta = reference(mu, L)
    return lr, beta**0.5
