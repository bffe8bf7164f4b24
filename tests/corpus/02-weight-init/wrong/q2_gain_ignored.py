# about: gain을 쓰지 않는다
# question: q2
# hand: 30% one of the three arguments has no effect
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
