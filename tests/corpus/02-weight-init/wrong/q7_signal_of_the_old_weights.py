# about: 다음 층에 맞추기 전의 가중치를 지난 신호를 넣는다
# question: q7
# hand: 40% the text asks for the signal of the fitted layers, all but the first are wrong
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for old in Ws:
        W = old
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ old.T)
    return fitted
