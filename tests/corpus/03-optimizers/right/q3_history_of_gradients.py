# about: 지난 기울기를 모두 기억해 두고 평균을 처음부터 다시 구한다
# question: q3

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    history = [old.clone() for old in state.get("history", [])] + [g.clone()]
    n = len(history)
    weights = torch.tensor([(1 - alpha) * alpha ** (n - 1 - i) for i in range(n)], dtype=p.dtype)
    stacked = torch.stack(history) ** 2
    mean_square = (stacked * weights.reshape(-1, *[1] * p.dim())).sum(0)
    return p - lr * g / (mean_square**0.5 + eps), {"history": history}
