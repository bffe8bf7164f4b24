# about: 마지막 가중치를 곱하지 않는다
# question: q5
# hand: 50% A factor is missing for every list; slope and norm are right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_each_layer_brings_the_largest_slope
# loses: test_q5_layers_multiply
# loses: test_q5_many_layers_keep_their_precision
# loses: test_q5_no_gradient_exceeds_the_bound
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws[:-1]:
        bound *= gamma * torch.linalg.matrix_norm(W, 2).item()
    return bound
