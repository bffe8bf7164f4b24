# about: γ를 층마다가 아니라 한 번만 곱한다
# question: q5
# hand: 35% The slope is there but not for each matrix; it shows for the sigmoid alone.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_each_layer_brings_the_largest_slope

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws:
        bound *= torch.linalg.matrix_norm(W, 2).item()
    return gamma * bound if Ws else 1.0
