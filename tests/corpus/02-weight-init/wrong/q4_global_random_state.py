# about: gen을 쓰지 않고 전역 난수에서 뽑는다
# question: q4
# hand: 30% the text asks for numbers of gen alone, the rest is right
# loses: test_q4_draws_come_from_the_generator

# %% q4
def orthogonal_(w, gen):
    return nn.init.orthogonal_(w)
