# about: mode와 상관없이 n_in을 쓴다
# question: q3
# hand: 40% one of the two modes is wrong
# loses: test_q3_fan_out_is_fan_in_of_the_transpose
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / (n * (1 + slope**2))), generator=gen)
