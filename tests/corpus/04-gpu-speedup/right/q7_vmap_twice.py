# about: 한 쌍의 거리를 vmap으로 두 번 펼친다
# question: q7

# %% q7
def _one(x, y):
    return (x - y).pow(2).sum()


def pairwise_sq_dists(X, Y):
    return torch.vmap(lambda x: torch.vmap(lambda y: _one(x, y))(Y))(X)
