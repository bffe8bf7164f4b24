# about: 한 번만 나누고 다시 재지 않는다
# question: q7
# hand: 45% the repetition, the point of the procedure, is missing
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(min(max_steps, 1)):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
