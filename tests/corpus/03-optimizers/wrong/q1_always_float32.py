# about: 결과를 언제나 float32로 바꾼다
# question: q1
# hand: 20% the dtype of p is lost, which the conventions state
# loses: test_q1_returns_parameter_and_state

# %% q1
def sgd(p, g, state, lr=0.01):
    new = p - lr * g
    return new.float(), {}
