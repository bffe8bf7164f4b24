# about: 잘린 정규분포를 쓰고 줄어든 표준편차를 보정한다
# question: q2

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = gain * math.sqrt(2 / (n_in + n_out)) / 0.8796256610342398  # ±2σ에서 자른 표준정규분포의 표준편차
    with torch.no_grad():
        nn.init.trunc_normal_(w, mean=0.0, std=std, a=-2 * std, b=2 * std, generator=gen)
    return w
