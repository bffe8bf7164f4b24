# about: act_and_grad의 둘째 값을 출력으로 쓴다
# question: q2
# hand: 60% Every hidden value is wrong; structure and last layer are right.
# loses: test_q2_weighted_sums_match
# loses: test_q2_hidden_outputs_are_activations_of_the_sums
# loses: test_q2_works_for_any_number_of_layers

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T + bs[l]
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else act_and_grad(act, z)[1])
    return zs, hs
