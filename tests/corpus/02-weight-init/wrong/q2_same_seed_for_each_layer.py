# about: 함수 안에서 시드를 다시 심어 모든 층이 같은 난수를 쓴다
# question: q2
# hand: 35% seeding inside, which the text forbids, makes all layers alike
# loses: test_q2_draws_come_from_the_generator

# %% q2
def xavier_(w, gain, gen):
    gen.manual_seed(42)
    n_in, n_out = fans(w.shape)
    with torch.no_grad():
        return w.normal_(0, gain * math.sqrt(2 / (n_in + n_out)), generator=gen)
