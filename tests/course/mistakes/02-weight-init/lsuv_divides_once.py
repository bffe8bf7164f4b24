# ruff: noqa
# lsuv divides once
# question: q7
# says: 한 번만 나누었습니다


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
