# about: w를 채우지 않고 원래 값에 더한다
# question: q2
# hand: 50% right only where the tensor happens to be zero, although the text says that its values mean nothing
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    noise = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    return w.detach() + noise * gain * math.sqrt(2 / (n_in + n_out))
