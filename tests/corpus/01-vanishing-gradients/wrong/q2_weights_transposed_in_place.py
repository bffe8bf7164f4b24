# about: W.t_()로 받은 가중치 자체를 뒤집어 놓는다
# question: q2
# hand: 25% The text forbids changing the arguments; what is returned is right.
# loses: test_q2_does_not_change_its_inputs

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].t_() + bs[l]
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else act_and_grad(act, z)[0])
    return zs, hs
