# about: max_steps의 기본값이 문제와 다르다
# question: q7
# hand: 10% one default is another
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=5):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
