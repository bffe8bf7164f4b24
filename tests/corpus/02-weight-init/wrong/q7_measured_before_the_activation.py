# about: 활성화 함수를 적용하기 전의 z를 잰다
# question: q7
# hand: 50% the variance of z instead of that of the output, right for linear only
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = (h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
