# about: 받은 state의 t와 평균을 제자리에서 고친다
# question: q4
# hand: 30% the values are right, but the state handed in is changed, which is forbidden in bold
# loses: test_q4_leaves_its_inputs

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    if not state:
        state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
    state["t"] += 1
    state["m"].mul_(b1).add_((1 - b1) * g)
    state["v"].mul_(b2).add_((1 - b2) * g * g)
    m_hat = state["m"] / (1 - b1 ** state["t"])
    v_hat = state["v"] / (1 - b2 ** state["t"])
    return p - lr * m_hat / (v_hat.sqrt() + eps), state
