# about: hs에 입력 x를 넣지 않는다
# question: q2
# hand: 30% hs is one short and shifted; every number in it is right.
# loses: test_q2_lists_have_the_right_lengths_and_shapes
# loses: test_q2_hidden_outputs_are_activations_of_the_sums

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], []
    h = x
    for l in range(len(Ws)):
        z = h @ Ws[l].T + bs[l]
        h = z if l == len(Ws) - 1 else act_and_grad(act, z)[0]
        zs.append(z)
        hs.append(h)
    return zs, hs
