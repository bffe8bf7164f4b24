# about: 편향을 더하지 않는다
# question: q2
# hand: 50% One of the two terms of every layer is missing.
# loses: test_q2_weighted_sums_match

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else act_and_grad(act, z)[0])
    return zs, hs
