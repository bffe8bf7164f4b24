# about: 받은 가중치를 제자리에서 나눈다
# question: q7
# hand: 25% the tensors given are changed, which the text forbids
# loses: test_q7_does_not_change_its_inputs

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W /= v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
