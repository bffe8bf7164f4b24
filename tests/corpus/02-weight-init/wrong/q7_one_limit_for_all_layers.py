# about: 횟수를 층마다가 아니라 모두 합해 센다
# question: q7
# hand: 25% the limit is counted over the network, although the text prints one layer in bold
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h, left = [], x, max_steps
    for W in Ws:
        while left > 0:
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
            left -= 1
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
