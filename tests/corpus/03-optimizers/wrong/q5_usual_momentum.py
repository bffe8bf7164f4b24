# about: beta로 흔히 쓰는 0.9를 돌려준다
# question: q5
# hand: 50% one of the two values is a constant
# loses: test_q5_momentum
# loses: test_q5_equal_curvatures_need_no_momentum
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    return 4 / (math.sqrt(L) + math.sqrt(mu)) ** 2, 0.9
