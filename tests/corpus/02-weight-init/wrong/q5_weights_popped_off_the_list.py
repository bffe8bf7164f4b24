# about: 받은 목록에서 가중치를 꺼내어 비운다
# question: q5
# hand: 35% two of the three faults are mended, the list is still emptied
# loses: test_q5_does_not_change_its_inputs

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    while Ws:
        z = h @ Ws.pop(0).T
        stds.append(z.std())
        h = PHI[act](z)
    return torch.stack(stds)
