# about: torch.cdist의 기본 방식을 제곱한다 (점이 많으면 안에서 행렬 곱을 쓴다)
# question: q7

# %% q7
def pairwise_sq_dists(X, Y):
    return torch.cdist(X, Y) ** 2
