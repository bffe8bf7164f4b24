# about: alpha의 기본값이 0.9이고 eps의 기본값이 1e-7이다
# question: q3
# hand: 20% two documented defaults are others
# loses: test_q3_form_and_defaults

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.9, eps=1e-7):
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / (v.sqrt() + eps), {"v": v}
