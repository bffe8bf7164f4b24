# about: 함수 안에서 시드를 다시 심는다
# question: q4
# hand: 35% seeding inside, which the text forbids, makes all layers alike
# loses: test_q4_draws_come_from_the_generator
# loses: test_q4_signs_are_even

# %% q4
def orthogonal_(w, gen):
    gen.manual_seed(0)
    return nn.init.orthogonal_(w, generator=gen)
