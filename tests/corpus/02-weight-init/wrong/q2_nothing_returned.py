# about: w를 채우기만 하고 돌려주지 않는다
# question: q2
# hand: 50% the tensor is filled rightly, but the return value, which the text says is graded, is missing
# loses: test_q2_returns_a_tensor_like_w
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    with torch.no_grad():
        w.normal_(0, gain * math.sqrt(2 / (n_in + n_out)), generator=gen)
