# about: 평균을 빼지 않은 제곱 평균을 1로 맞춘다
# question: q7
# hand: 40% not the variance that is asked, wrong for relu and silu, right where the mean is near 0
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).square().mean()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
