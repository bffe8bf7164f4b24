# about: NumPy로 계산하고 마지막에 텐서로 되돌린다
# question: q1

# %% q1
def act_and_grad(name, z):
    v = z.detach().numpy().astype(np.float64)
    if name == "sigmoid":
        a = np.where(v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))))
        da = a * (1 - a)
    elif name == "tanh":
        a = np.tanh(v)
        da = 1 - a**2
    elif name == "relu":
        a = np.maximum(v, 0)
        da = np.heaviside(v, 0.0)
    else:
        raise ValueError("unknown activation " + name)
    return torch.as_tensor(a).to(z.dtype), torch.as_tensor(da).to(z.dtype)
