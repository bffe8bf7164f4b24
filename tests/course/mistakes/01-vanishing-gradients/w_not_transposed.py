# ruff: noqa
# W not transposed
# question: q2
# says: 전치


def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for W, b in zip(Ws, bs):
        zs.append(hs[-1] @ W + b)
        hs.append(zs[-1])
    return zs, hs
