# about: 모멘텀이 없을 때의 가장 좋은 학습률을 돌려준다
# question: q5
# hand: 50% one of the two values is that of another method
# loses: test_q5_learning_rate
# loses: test_q5_both_ends_shrink_at_the_same_rate

# %% q5
def heavy_ball_optimal(mu, L):
    a, b = math.sqrt(mu), math.sqrt(L)
    return 2 / (mu + L), ((b - a) / (b + a)) ** 2
