# about: max_steps를 쓰지 않고 언제나 열 번까지 나눈다
# question: q7
# hand: 30% one of the parameters has no effect, the stated end after max_steps divisions does not hold
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(10):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
