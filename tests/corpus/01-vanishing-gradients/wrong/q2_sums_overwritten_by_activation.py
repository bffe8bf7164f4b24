# about: 제자리 연산으로 zs의 값까지 활성값으로 바꾼다
# question: q2
# hand: 40% One of the two lists that are asked for holds the other's values.
# loses: test_q2_weighted_sums_match
# loses: test_q2_hidden_outputs_are_activations_of_the_sums

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T + bs[l]
        zs.append(z)
        if l < len(Ws) - 1:
            z.copy_(act_and_grad(act, z)[0])
        hs.append(z)
    return zs, hs
