# about: lr 인자 대신 언제나 0.01을 쓴다
# question: q1
# hand: 50% one of the two things the formula uses, lr, is ignored; the default alone is right
# loses: test_q1_moves_by_the_rate_times_the_gradient
# loses: test_q1_fifty_steps_equal_torch

# %% q1
def sgd(p, g, state, lr=0.01):
    learning_rate = 0.01
    return p - learning_rate * g, state
