# ruff: noqa
# std over one axis
# question: q5
# says: 한 축(dim)으로만


def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.std(dim=0).mean())
        h = PHI[act](z)
    return torch.stack(stds)
