# about: 새 파라미터만 돌려준다
# question: q1
# hand: 40% the step is right, but half of the stated result is missing and no caller can unpack it
# loses: test_q1_returns_parameter_and_state
# loses: test_q1_default_rate

# %% q1
def sgd(p, g, state, lr=0.01):
    return p - lr * g
