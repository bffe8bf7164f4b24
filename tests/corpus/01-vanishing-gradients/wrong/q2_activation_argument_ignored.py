# about: act 인자와 무관하게 언제나 시그모이드를 쓴다
# question: q2
# hand: 40% A whole argument is ignored, so two of three activation functions are wrong.
# loses: test_q2_weighted_sums_match
# loses: test_q2_hidden_outputs_are_activations_of_the_sums

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T + bs[l]
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else torch.sigmoid(z))
    return zs, hs
