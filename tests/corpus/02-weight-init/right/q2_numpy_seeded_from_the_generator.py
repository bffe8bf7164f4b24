# about: gen에서 시드를 뽑아 NumPy로 채운다
# question: q2

# %% q2
def xavier_(w, gain, gen):
    rng = np.random.default_rng(int(torch.randint(1 << 60, (1,), generator=gen)))
    n_in, n_out = fans(w.shape)
    values = rng.normal(scale=gain * np.sqrt(2 / (n_in + n_out)), size=tuple(w.shape))
    w.data.copy_(torch.from_numpy(values))
    return w.data
