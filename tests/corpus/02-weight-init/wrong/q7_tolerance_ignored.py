# about: 만족한 층도 한도까지 나눈다
# question: q7
# hand: 30% one of the parameters has no effect, content layers are divided
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
