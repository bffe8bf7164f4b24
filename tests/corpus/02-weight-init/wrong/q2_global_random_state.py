# about: gen을 쓰지 않고 전역 난수에서 뽑는다
# question: q2
# hand: 30% the text asks for numbers of gen alone, the rest is right
# loses: test_q2_draws_come_from_the_generator

# %% q2
def xavier_(w, gain, gen):
    return nn.init.xavier_normal_(w, gain=gain)
