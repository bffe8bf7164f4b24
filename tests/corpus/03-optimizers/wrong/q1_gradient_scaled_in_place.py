# about: g.mul_(lr)로 받은 기울기를 바꾼다
# question: q1
# hand: 30% the new p is right, but the gradient handed in is changed, which is forbidden in bold
# loses: test_q1_leaves_its_inputs

# %% q1
def sgd(p, g, state, lr=0.01):
    return p - g.mul_(lr), {}
