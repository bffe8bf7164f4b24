# about: gen의 처음 상태로 돌아가 모든 층이 같은 난수를 쓴다
# question: q3
# hand: 35% going back to the seed, which the text forbids, makes all layers alike
# loses: test_q3_draws_come_from_the_generator

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    gen = torch.Generator().manual_seed(gen.initial_seed())
    return nn.init.kaiming_normal_(w, mode=mode, a=slope, nonlinearity="leaky_relu", generator=gen)
