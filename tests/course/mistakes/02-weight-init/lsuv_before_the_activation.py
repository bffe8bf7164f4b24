# ruff: noqa
# lsuv before the activation
# question: q7
# says: 적용하기 전의 z


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
