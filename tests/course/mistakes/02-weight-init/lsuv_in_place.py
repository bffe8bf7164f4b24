# ruff: noqa
# lsuv in place
# question: q7
# says: 받은 것을 바꿉니다


def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W /= v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ W.T)
    return fitted
