# about: 큰 정사각 직교 행렬에서 잘라 낸다
# question: q4

# %% q4
def orthogonal_(w, gen):
    n = max(w.shape)
    q, r = torch.linalg.qr(torch.randn(n, n, dtype=w.dtype, generator=gen))
    q = q @ torch.diag(torch.sign(torch.diag(r)))
    return w.copy_(q[: w.shape[0], : w.shape[1]])
