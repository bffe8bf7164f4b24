# about: 차를 브로드캐스팅으로 구한다
# question: q7

# %% q7
def pairwise_sq_dists(X, Y):
    difference = X.unsqueeze(1) - Y.unsqueeze(0)
    return torch.einsum("nmd,nmd->nm", difference, difference)
