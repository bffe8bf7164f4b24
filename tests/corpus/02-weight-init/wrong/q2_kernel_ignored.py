# about: 합성곱층에서도 축 두 개만 본다
# question: q2
# hand: 30% convolutions are wrong, linear layers are right
# loses: test_q2_convolution_counts_the_kernel

# %% q2
def xavier_(w, gain, gen):
    n_out, n_in = w.shape[0], w.shape[1]
    with torch.no_grad():
        return w.normal_(0, gain * (2 / (n_in + n_out)) ** 0.5, generator=gen)
