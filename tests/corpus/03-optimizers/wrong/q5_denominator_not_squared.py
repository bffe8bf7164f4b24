# about: 학습률의 분모를 제곱하지 않는다
# question: q5
# hand: 40% one of the two values is wrong by the last step of the derivation
# loses: test_q5_learning_rate
# loses: test_q5_units_of_the_loss_do_not_matter
# loses: test_q5_equal_curvatures_need_no_momentum
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    a, b = math.sqrt(mu), math.sqrt(L)
    return 4 / (a + b), ((b - a) / (b + a)) ** 2
