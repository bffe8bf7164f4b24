# about: 유닛마다 분산을 재어 행마다 나눈다
# question: q7
# hand: 60% rows are divided one by one, although a single number for the layer is stated
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var(dim=0)
            if bool(((v - 1).abs() <= tol).all()):
                break
            W = W / v.sqrt().clamp(min=1e-6)[:, None]
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
