# about: 기울기를 추적하는 텐서를 no_grad 없이 바꾸려 한다
# question: q2
# hand: 20% the parameter that the text names is refused
# loses: test_q2_works_on_a_parameter

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    return w.normal_(0, gain * math.sqrt(2 / (n_in + n_out)), generator=gen)
