# about: 기울기를 노름으로 나누어 방향만 쓴다
# question: q1
# hand: 75% another formula: the length of the gradient no longer counts
# loses: test_q1_moves_by_the_rate_times_the_gradient
# loses: test_q1_fifty_steps_equal_torch
# loses: test_q1_default_rate

# %% q1
def sgd(p, g, state, lr=0.01):
    return p - lr * g / g.norm(), {}
