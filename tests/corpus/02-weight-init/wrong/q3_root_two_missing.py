# about: √2를 빠뜨린다
# question: q3
# hand: 60% the standard deviation is wrong by a factor for each input, the rest is right
# loses: test_q3_standard_deviation_for_fan_in
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_fan_out_is_fan_in_of_the_transpose
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(1 / (n * (1 + slope**2))), generator=gen)
