# about: 표본을 열로 세워 계산하고 미리 만든 텐서를 채운다
# question: q5

# %% q5
@torch.no_grad()
def propagate(Ws, x, act):
    std = torch.zeros(len(Ws), dtype=x.dtype)
    h = x.T
    for l, W in enumerate(Ws):
        z = torch.matmul(W, h)
        std[l] = z.flatten().var(unbiased=True).sqrt()
        if act == "relu":
            h = z.clamp(min=0)
        elif act == "tanh":
            h = z.tanh()
        else:
            h = z
    return std
