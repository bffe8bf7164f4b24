# about: beta를 마지막에 제곱하지 않는다
# question: q5
# hand: 40% one of the two values is wrong by the last step of the derivation, of which the hint warns
# loses: test_q5_momentum
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    a, b = math.sqrt(mu), math.sqrt(L)
    return 4 / (a + b) ** 2, (b - a) / (b + a)
