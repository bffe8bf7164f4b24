# about: 3σ 밖의 값을 다시 뽑는다 (표준편차가 1% 남짓 줄어든다)
# question: q2

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    z = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    while (z.abs() > 3).any():
        z = torch.where(z.abs() > 3, torch.randn(w.shape, dtype=w.dtype, generator=gen), z)
    return z * gain * math.sqrt(2 / (n_in + n_out))
