# about: 첫 속도로 g 자체를 담고, 그 텐서를 제자리에서 고친다
# question: q2
# hand: 45% the values are right once, but gradient and state handed in are both changed, which is forbidden in bold
# loses: test_q2_leaves_its_inputs

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    if "v" not in state:
        v = g
    else:
        v = state["v"]
        v.mul_(beta).add_(g)
    return p - lr * v, {"v": v}
