# about: 유닛마다 분산을 재어 평균한다
# question: q7
# hand: 40% not the variance of all elements together, wrong where the units' means differ
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var(dim=0).mean()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
