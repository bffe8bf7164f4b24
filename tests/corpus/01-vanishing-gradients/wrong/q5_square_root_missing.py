# about: WᵀW의 고윳값을 제곱근 없이 쓴다
# question: q5
# hand: 55% Every value is the square of the norm; slope and product are right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws:
        bound *= gamma * torch.linalg.eigvalsh(W.T @ W).max().item()
    return bound
