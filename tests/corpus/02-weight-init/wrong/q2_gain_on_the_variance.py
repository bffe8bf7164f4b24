# about: gain을 분산에 곱한다
# question: q2
# hand: 30% the gain stands at the wrong place, right only where it is 1
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = math.sqrt(gain * 2 / (n_in + n_out))
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)
