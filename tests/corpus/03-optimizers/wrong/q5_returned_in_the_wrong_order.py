# about: (beta, lr) 순서로 돌려준다
# question: q5
# hand: 30% both values are right, in the other order
# loses: test_q5_learning_rate

# %% q5
def heavy_ball_optimal(mu, L):
    a, b = mu**0.5, L**0.5
    return ((b - a) / (b + a)) ** 2, 4 / (a + b) ** 2
