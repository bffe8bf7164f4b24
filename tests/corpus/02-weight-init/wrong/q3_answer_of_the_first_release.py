# about: 0.1.0의 노트북에서 작성한 답이라 slope를 받지 않는다
# question: q3
# hand: 45% the slope, the new half of the question, is not taken at all
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / n), generator=gen)
