# ruff: noqa
# lsuv divides first
# question: q7
# says: 이미 만족한 층


def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            W = W / v.sqrt()
            if abs(v - 1) <= tol:
                break
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
