# about: 음수 쪽이 남으면 분산이 커져야 한다고 본다
# question: q3
# hand: 40% the share is right for ReLU only, it was not checked with the two slopes of the hint
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 * (1 + slope**2) / n), generator=gen)
