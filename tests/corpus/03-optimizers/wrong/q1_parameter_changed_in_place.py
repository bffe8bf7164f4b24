# about: p -= ...로 받은 파라미터 자체를 바꾼다
# question: q1
# hand: 35% the values are right, but the p handed in is changed and returned, which is forbidden in bold
# loses: test_q1_leaves_its_inputs

# %% q1
def sgd(p, g, state, lr=0.01):
    p -= lr * g
    return p, state
