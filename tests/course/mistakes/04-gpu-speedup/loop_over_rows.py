# ruff: noqa
# loop over rows
# question: q7
# says: 점마다 도는 반복문


def pairwise_sq_dists(X, Y):
    return torch.stack([((x - Y) ** 2).sum(1) for x in X])
