# about: 재귀로 한 층씩 내려가며 einsum으로 곱한다
# question: q2

# %% q2
def forward(x, Ws, bs, act):
    z = torch.einsum("nd,od->no", x, Ws[0]).add(bs[0])
    if len(Ws) == 1:
        return [z], [x, z]
    h, _ = act_and_grad(act, z)
    zs, hs = forward(h, Ws[1:], bs[1:], act)
    return [z] + zs, [x] + hs
