# ruff: noqa
# signs of qr
# question: q4
# says: 부호를 그대로 썼습니다


def orthogonal_(w, gen):
    q = torch.linalg.qr(torch.randn(max(w.shape), min(w.shape), dtype=w.dtype, generator=gen))[0]
    return w.copy_(q if w.shape[0] >= w.shape[1] else q.T)
