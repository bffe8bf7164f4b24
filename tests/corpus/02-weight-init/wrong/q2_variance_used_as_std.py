# about: 분산의 식을 표준편차로 쓴다
# question: q2
# hand: 65% the size is wrong for each input, by much
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = gain * 2 / (n_in + n_out)
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
