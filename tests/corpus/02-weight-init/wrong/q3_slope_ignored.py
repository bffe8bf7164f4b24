# about: 책에 있는 ReLU의 식을 그대로 옮기고 slope를 쓰지 않는다
# question: q3
# hand: 40% the share was to be found for any slope, only ReLU's is used
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / n), generator=gen)
