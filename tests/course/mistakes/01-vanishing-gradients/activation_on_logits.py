# ruff: noqa
# activation on logits
# question: q2
# says: 마지막 층에도 활성화 함수


def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for W, b in zip(Ws, bs):
        zs.append(hs[-1] @ W.T + b)
        hs.append(act_and_grad(act, zs[-1])[0])
    return zs, hs
