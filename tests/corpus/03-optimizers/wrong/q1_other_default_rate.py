# about: lr의 기본값을 0.1로 바꾸었다
# question: q1
# hand: 15% the documented default is another
# loses: test_q1_default_rate

# %% q1
def sgd(p, g, state, lr=0.1):
    return p - lr * g, {}
