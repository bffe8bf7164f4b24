# about: 보조 함수를 풀이 셀 밖에, 일부는 나중 셀에 정의하고 출력과 그림을 많이 남긴다

# %% before q2
def fill_normal(w, std, gen):
    """정규분포로 채운 새 텐서"""
    return torch.normal(0.0, torch.full(tuple(w.shape), std, dtype=w.dtype), generator=gen)


# %% q2
def xavier_(w, gain, gen):
    return fill_normal(w, gain * variance_of(w, "both") ** 0.5, gen)


# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    return fill_normal(w, (variance_of(w, mode) / (1 + slope**2)) ** 0.5, gen)


# %% after q3
def variance_of(w, mode):
    n_in, n_out = fans(w.shape)
    if mode == "both":
        return 2 / (n_in + n_out)
    if not mode.startswith("fan_") or mode[4:] not in ("in", "out"):
        raise ValueError(mode)
    return 2 / (n_in if mode == "fan_in" else n_out)


g = torch.Generator().manual_seed(1)
for shape in [(10, 20), (200, 300), (8, 4, 3, 3)]:
    print(shape, kaiming_(torch.empty(shape), "fan_in", g).std())


# %% q5
def propagate(Ws, x, act):
    return torch.tensor([float(s) for s in _stds(Ws, x, PHI[act])], dtype=x.dtype)


def _stds(Ws, h, f):
    for W in Ws:
        z = torch.einsum("ij,kj->ik", h, W)
        yield z.std(correction=0)
        h = f(z)


# %% after q5
fig, ax = plt.subplots()
ax.plot(propagate([kaiming_(torch.empty(64, 64), "fan_in", g) for _ in range(5)], torch.randn(9, 64), "relu"))
plt.show()
