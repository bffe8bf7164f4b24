# about: 미리 만든 리스트를 뒤에서부터 einsum으로 채운다
# question: q3

# %% q3
def backward(zs, hs, Ws, act, y):
    L, N = len(Ws), y.shape[0]
    deltas = [None] * L
    shifted = zs[-1] - zs[-1].max(dim=1, keepdim=True).values
    p = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
    onehot = torch.eye(p.shape[1], dtype=p.dtype)[y]
    deltas[L - 1] = (p - onehot) / N
    for l in reversed(range(L - 1)):
        deltas[l] = torch.einsum("nk,kj->nj", deltas[l + 1], Ws[l + 1]).mul(act_and_grad(act, zs[l])[1])
    return deltas
