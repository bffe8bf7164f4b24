# about: 기억할 것이 없다며 state 자리에 None을 돌려준다
# question: q1
# hand: 20% the step is right, the state is no dictionary
# loses: test_q1_returns_parameter_and_state

# %% q1
def sgd(p, g, state, lr=0.01):
    return p - lr * g, None
