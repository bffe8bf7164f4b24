# about: 두 식을 풀어 텐서 하나씩으로 돌려준다
# question: q5

# %% q5
def heavy_ball_optimal(mu, L):
    mu, L = torch.tensor(mu, dtype=torch.float64), torch.tensor(L, dtype=torch.float64)
    root_lr = 2 / (L.sqrt() + mu.sqrt())
    root_beta = 1 - root_lr * mu.sqrt()
    return root_lr**2, root_beta**2
