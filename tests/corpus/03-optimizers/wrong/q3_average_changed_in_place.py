# about: state 속의 텐서를 제자리에서 고친다
# question: q3
# hand: 30% the values are right, but the state handed in is changed, which is forbidden in bold
# loses: test_q3_leaves_its_inputs

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    if "v" not in state:
        state["v"] = torch.zeros_like(p)
    state["v"].mul_(alpha).addcmul_(g, g, value=1 - alpha)
    return p - lr * g / (state["v"].sqrt() + eps), state
