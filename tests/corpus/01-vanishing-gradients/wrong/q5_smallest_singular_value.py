# about: 가장 작은 특잇값을 쓴다
# question: q5
# hand: 60% It is the bound from the other side; slope and product are right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_no_gradient_exceeds_the_bound
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws:
        bound *= gamma * torch.linalg.matrix_norm(W, -2).item()
    return bound
