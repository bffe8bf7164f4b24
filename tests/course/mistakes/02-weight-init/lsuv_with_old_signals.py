# ruff: noqa
# lsuv with old signals
# question: q7
# says: 아직 맞추지 않은


def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for old in Ws:
        W = old
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = PHI[act](h @ old.T)
    return fitted
