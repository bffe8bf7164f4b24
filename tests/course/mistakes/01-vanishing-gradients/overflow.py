# ruff: noqa
# overflow
# question: q1
# says: exp(1000)


def act_and_grad(n, z):
    if n == "sigmoid":
        a = torch.exp(z) / (1 + torch.exp(z))
        return a, a * (1 - a)
    if n == "tanh":
        a = torch.tanh(z)
        return a, 1 - a * a
    if n == "relu":
        return z.clamp(min=0), (z > 0).to(z.dtype)
    raise ValueError
