# about: beta의 기본값이 0이다
# question: q2
# hand: 20% the documented default is another, and the plain call has no momentum
# loses: test_q2_form_and_defaults

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.0):
    v = beta * state.get("v", 0) + g
    return p - lr * v, {"v": v}
