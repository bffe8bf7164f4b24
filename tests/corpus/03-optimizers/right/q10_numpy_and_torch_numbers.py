# about: NumPy와 torch의 수를 돌려준다
# question: q10

# %% q10
def as_momentum(t, lr, beta):
    beta = np.float64(beta)
    return {"lr": lr * np.float64(1e10) * (1 - beta**t) / (1 - beta), "betas": (beta, beta), "eps": np.float64(1e10)}


def as_rmsprop(t, lr, alpha, eps):
    root = torch.sqrt(1 - torch.tensor(alpha, dtype=torch.float64) ** t)
    return {"betas": (torch.tensor(0.0), torch.tensor(alpha, dtype=torch.float64)), "lr": lr / root, "eps": eps / root}
