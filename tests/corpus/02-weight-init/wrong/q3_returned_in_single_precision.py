# about: w의 dtype과 상관없이 float32를 돌려준다
# question: q3
# hand: 15% only the dtype is not kept
# loses: test_q3_returns_a_centred_tensor_like_w

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / (n * (1 + slope**2))), generator=gen).float()
