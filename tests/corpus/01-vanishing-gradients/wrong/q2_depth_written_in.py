# about: 층이 세 개라고 정해 두었다
# question: q2
# hand: 50% The loop over L layers is the task, and only L = 3 works.
# loses: test_q2_hidden_outputs_are_activations_of_the_sums
# loses: test_q2_lists_have_the_right_lengths_and_shapes
# loses: test_q2_weighted_sums_match
# loses: test_q2_works_for_any_number_of_layers

# %% q2
def forward(x, Ws, bs, act):
    z0 = x @ Ws[0].T + bs[0]
    h1 = act_and_grad(act, z0)[0]
    z1 = h1 @ Ws[1].T + bs[1]
    h2 = act_and_grad(act, z1)[0]
    z2 = h2 @ Ws[2].T + bs[2]
    return [z0, z1, z2], [x, h1, h2, z2]
