# about: 복사본을 초기화하고 원래의 w를 돌려준다
# question: q2
# hand: 80% the returned weight is not initialised, only the formula is understood
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation
# loses: test_q2_draws_come_from_the_generator
# loses: test_q2_works_on_a_parameter

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    copy = w.detach().clone()
    copy.normal_(0, gain * math.sqrt(2 / (n_in + n_out)), generator=gen)
    return w
