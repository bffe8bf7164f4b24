# about: 노름을 곱하지 않고 더한다
# question: q5
# hand: 60% The factors are right and added where the text says to multiply.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_each_layer_brings_the_largest_slope
# loses: test_q5_layers_multiply
# loses: test_q5_many_layers_keep_their_precision
# loses: test_q5_no_gradient_exceeds_the_bound
# loses: test_q5_no_layers_give_one

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return sum(gamma * torch.linalg.matrix_norm(W, 2).item() for W in Ws)
