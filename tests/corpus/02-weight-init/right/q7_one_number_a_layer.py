# about: 가중치가 아니라 배율 하나를 옮기고 z는 한 번만 구한다
# question: q7

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    out, h = [], x
    for W in Ws:
        z, s = torch.einsum("ni,oi->no", h, W), 1.0
        for _ in range(max_steps):
            v = float(PHI[act](s * z).var())
            if not (v < 1 - tol or v > 1 + tol):
                break
            s /= v**0.5
        out.append(s * W)
        h = PHI[act](s * z)
    return out
