# about: 0 이상에서만 뽑아 평균이 0이 아니다
# question: q2
# hand: 45% one of the two stated moments, the mean, is wrong for each input
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = gain * math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return w.uniform_(0, math.sqrt(12) * std, generator=gen)
