# about: 분산이 아니라 표준편차와 1의 차이를 본다
# question: q7
# hand: 15% the tolerance is held against another quantity, off by a factor of about two
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v.sqrt() - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
