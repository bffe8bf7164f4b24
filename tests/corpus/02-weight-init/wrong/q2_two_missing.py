# about: 분자의 2를 빠뜨린다
# question: q2
# hand: 60% the standard deviation is wrong by a factor for each input, the rest is right
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = gain * math.sqrt(1 / (n_in + n_out))
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
