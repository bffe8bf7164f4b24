# ruff: noqa
# lsuv without a limit
# question: q7
# says: max_steps에 이르면


def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        while True:
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
