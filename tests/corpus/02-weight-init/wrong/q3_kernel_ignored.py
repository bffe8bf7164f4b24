# about: 합성곱층에서도 축 두 개만 본다
# question: q3
# hand: 30% convolutions are wrong, linear layers are right
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = w.shape[1] if mode == "fan_in" else w.shape[0]
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / (n * (1 + slope**2))), generator=gen)
