# about: 복사본을 초기화하고 원래의 w를 돌려준다
# question: q3
# hand: 80% the returned weight is not initialised, only the formula is understood
# loses: test_q3_standard_deviation_for_fan_in
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_fan_out_is_fan_in_of_the_transpose
# loses: test_q3_convolution_counts_the_kernel
# loses: test_q3_returns_a_centred_tensor_like_w
# loses: test_q3_draws_come_from_the_generator

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    nn.init.kaiming_normal_(w.clone(), mode=mode, a=slope, nonlinearity="leaky_relu", generator=gen)
    return w
