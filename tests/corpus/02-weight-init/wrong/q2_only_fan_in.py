# about: n_out을 쓰지 않고 1/n_in으로 한다 (LeCun 초기화)
# question: q2
# hand: 60% another formula, right only for square layers
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = gain * math.sqrt(1 / n_in)
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
