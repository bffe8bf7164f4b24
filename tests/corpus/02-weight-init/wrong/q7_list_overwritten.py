# about: 받은 리스트에 맞춘 가중치를 써 넣는다
# question: q7
# hand: 25% the list given is changed, which the text forbids
# loses: test_q7_does_not_change_its_inputs

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for l, W in enumerate(Ws):
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        Ws[l] = W
        h = PHI[act](h @ W.T)
    return fitted
