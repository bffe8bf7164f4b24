# about: 재기 전에 먼저 나누어, 만족한 층도 한 번은 나눈다
# question: q7
# hand: 25% layers that are content are divided, which the text forbids
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            W = W / v.sqrt()
            if abs(v - 1) <= tol:
                break
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
