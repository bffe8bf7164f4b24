# about: 2σ에서 자른 뒤 줄어든 표준편차를 보정하지 않는다
# question: q2
# hand: 40% the standard deviation is 12 % too small for each input, and the text warns of it
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    std = gain * math.sqrt(2 / sum(fans(w.shape)))
    return nn.init.trunc_normal_(w, 0.0, std, -2 * std, 2 * std, generator=gen)
