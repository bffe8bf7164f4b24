# ruff: noqa
# negative distances
# question: q7
# says: 음수인 거리


def pairwise_sq_dists(X, Y):
    return (X * X).sum(1)[:, None] + (Y * Y).sum(1) - 2 * X @ Y.T
