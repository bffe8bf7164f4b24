# about: g.mul_(lr)로 받은 기울기를 바꾼다
# question: q1
# loses: test_q1_leaves_its_inputs

# %% q1
def sgd(p, g, state, lr=0.01):
    return p - g.mul_(lr), {}
