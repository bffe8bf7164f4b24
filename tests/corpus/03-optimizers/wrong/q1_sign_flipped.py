# about: 기울기를 빼지 않고 더한다
# question: q1
# hand: 70% every step goes up the slope
# loses: test_q1_moves_by_the_rate_times_the_gradient
# loses: test_q1_fifty_steps_equal_torch
# loses: test_q1_default_rate

# %% q1
def sgd(p, g, state, lr=0.01):
    return p + lr * g, {}
