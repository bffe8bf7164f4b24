# about: mu가 언제나 1이라고 여기고 조건수 L만 쓴다
# question: q5
# hand: 65% one of the two arguments is ignored, so both values are wrong unless mu is 1
# loses: test_q5_units_of_the_loss_do_not_matter
# loses: test_q5_equal_curvatures_need_no_momentum
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    root = math.sqrt(L)
    return 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
