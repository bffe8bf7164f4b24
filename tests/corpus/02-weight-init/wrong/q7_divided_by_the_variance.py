# about: 표준편차가 아니라 분산으로 나눈다
# question: q7
# hand: 60% the division stated in the text is another one, so layers do not come to rest at 1
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
