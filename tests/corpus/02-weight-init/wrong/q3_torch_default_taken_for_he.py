# about: torch의 기본값(a = √5)을 He 초기화로 안다
# question: q3
# hand: 70% the size is wrong for each input and the slope has no effect, the mode is used rightly
# loses: test_q3_standard_deviation_for_fan_in
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_fan_out_is_fan_in_of_the_transpose
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    return nn.init.kaiming_uniform_(w, a=math.sqrt(5), mode=mode, generator=gen)
