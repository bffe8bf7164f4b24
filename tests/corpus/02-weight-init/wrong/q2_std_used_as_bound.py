# about: 표준편차를 균등분포의 경계로 쓴다
# question: q2
# hand: 60% the standard deviation is wrong by a factor for each input, the rest is right
# loses: test_q2_standard_deviation
# loses: test_q2_convolution_counts_the_kernel
# loses: test_q2_gain_multiplies_the_standard_deviation

# %% q2
def xavier_(w, gain, gen):
    a = gain * math.sqrt(2 / sum(fans(w.shape)))
    with torch.no_grad():
        return w.uniform_(-a, a, generator=gen)
