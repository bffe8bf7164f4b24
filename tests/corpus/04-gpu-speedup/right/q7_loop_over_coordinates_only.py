# about: 좌표마다 더해 큰 중간값을 만들지 않는다
# question: q7

# %% q7
def pairwise_sq_dists(X, Y):
    total = torch.zeros(X.shape[0], Y.shape[0], dtype=X.dtype, device=X.device)
    for d in range(X.shape[1]):
        total = total + torch.sub(X[:, d, None], Y[None, :, d]).square()
    return total
