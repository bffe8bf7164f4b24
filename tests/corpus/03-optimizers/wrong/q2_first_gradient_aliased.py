# about: 첫 속도로 g를 복사하지 않고 그대로 담는다
# question: q2
# hand: 30% the values are right, but the memory shares storage with g, which text and hint forbid
# loses: test_q2_leaves_its_inputs

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state["v"] + g if "v" in state else g
    return p - lr * v, {"v": v}
