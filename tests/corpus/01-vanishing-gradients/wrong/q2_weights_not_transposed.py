# about: 가중치를 전치하지 않는다 (정사각 행렬에서만 돌아간다)
# question: q2
# hand: 65% Ordinary shapes fail and square ones give wrong values.
# loses: test_q2_hidden_outputs_are_activations_of_the_sums
# loses: test_q2_last_output_is_the_logits
# loses: test_q2_lists_have_the_right_lengths_and_shapes
# loses: test_q2_weighted_sums_match
# loses: test_q2_works_for_any_number_of_layers

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l] + bs[l]
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else act_and_grad(act, z)[0])
    return zs, hs
