# about: NumPy의 브로드캐스팅으로 구한다
# question: q7

# %% q7
def pairwise_sq_dists(X, Y):
    a, b = X.detach().numpy(), Y.detach().numpy()
    squares = np.square(a[:, np.newaxis, :] - b[np.newaxis, :, :])
    return torch.from_numpy(squares.sum(axis=2))
