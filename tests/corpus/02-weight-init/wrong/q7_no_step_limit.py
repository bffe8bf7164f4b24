# about: 횟수의 한도를 두지 않고 만족할 때까지 나눈다
# question: q7
# hand: 35% one of the two stops is missing, so tanh never ends
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        while True:
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
