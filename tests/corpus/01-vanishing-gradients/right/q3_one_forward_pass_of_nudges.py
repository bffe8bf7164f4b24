# about: 층마다 0을 더한 순전파를 다시 계산하고 그 0으로 미분한다
# question: q3

# %% q3
def backward(zs, hs, Ws, act, y):
    f = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[act]
    nudges = [torch.zeros_like(z, requires_grad=True) for z in zs]
    z = zs[0] + nudges[0]
    for l in range(1, len(zs)):
        bias = (zs[l] - f(zs[l - 1]) @ Ws[l].T).detach()
        z = f(z) @ Ws[l].T + bias + nudges[l]
    log_p = torch.log_softmax(z, dim=-1)
    loss = -sum(log_p[i, c] for i, c in enumerate(y.tolist())) / len(y)
    loss.backward()
    return tuple(n.grad for n in nudges)
