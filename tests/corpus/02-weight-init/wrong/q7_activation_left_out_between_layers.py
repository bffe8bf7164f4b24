# about: 다음 층에 z를 그대로 넘긴다
# question: q7
# hand: 40% all layers but the first are fitted to a signal that the network does not have
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = h @ W.T
    return fitted
