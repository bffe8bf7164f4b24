# about: 균등분포의 경계를 구하고, mode는 딕셔너리로 고른다
# question: q3

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    sizes = dict(zip(("fan_in", "fan_out"), fans(w.shape)))
    if mode not in sizes:
        raise ValueError(f"{mode}은(는) 없는 mode입니다")
    a = math.sqrt(3) * math.sqrt(2 / sizes[mode] / (1 + slope**2))
    w.data.uniform_(-a, a, generator=gen)
    return w
