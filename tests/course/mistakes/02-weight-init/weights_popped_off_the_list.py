# ruff: noqa
# weights popped off the list
# question: q5
# says: 리스트에서 꺼냈습니다


def propagate(Ws, x, act):
    stds = []
    while Ws:
        W = Ws.pop(0)
        z = x @ W.T
        stds.append(z.std())
        x = PHI[act](z)
    return torch.stack(stds)
