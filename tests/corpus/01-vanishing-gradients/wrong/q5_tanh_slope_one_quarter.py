# about: tanh의 γ도 1/4로 둔다
# question: q5
# hand: 30% One of the three slopes is wrong.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_each_layer_brings_the_largest_slope

# %% q5
def jacobian_bound(Ws, act):
    gamma = 1.0 if act == "relu" else 0.25
    bound = 1.0
    for W in Ws:
        bound *= gamma * torch.linalg.matrix_norm(W, 2).item()
    return bound
