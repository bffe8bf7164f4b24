# about: 받은 state 딕셔너리에 새 속도를 써 넣는다
# question: q2
# hand: 30% the values are right, but the state handed in is changed, which is forbidden in bold
# loses: test_q2_leaves_its_inputs

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    state["v"] = beta * state.get("v", 0) + g
    return p - lr * state["v"], state
