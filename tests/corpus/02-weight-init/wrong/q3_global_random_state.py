# about: gen을 쓰지 않고 전역 난수에서 뽑는다
# question: q3
# hand: 30% the text asks for numbers of gen alone, the rest is right
# loses: test_q3_draws_come_from_the_generator

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    return nn.init.kaiming_normal_(w, mode=mode, a=slope, nonlinearity="leaky_relu")
