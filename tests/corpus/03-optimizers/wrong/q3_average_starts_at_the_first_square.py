# about: 처음의 v를 0이 아니라 첫 기울기의 제곱으로 둔다
# question: q3
# hand: 50% v starts elsewhere than stated, so all early steps are wrong; the recursion is right
# loses: test_q3_form_and_defaults
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state["v"] + (1 - alpha) * g**2 if state else g**2
    return p - lr * g / (v.sqrt() + eps), {"v": v}
