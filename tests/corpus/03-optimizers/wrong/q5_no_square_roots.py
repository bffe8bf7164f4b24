# about: 제곱근을 취하지 않는다
# question: q5
# hand: 75% both values are wrong; only the shape of the formula is there
# loses: test_q5_learning_rate
# loses: test_q5_momentum
# loses: test_q5_units_of_the_loss_do_not_matter
# loses: test_q5_equal_curvatures_need_no_momentum
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    return 4 / (L + mu) ** 2, ((L - mu) / (L + mu)) ** 2
