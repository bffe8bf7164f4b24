# about: 스펙트럼 노름 대신 기본값인 프로베니우스 노름을 쓴다
# question: q5
# hand: 55% The norm is the heart of the question, and the text says that this one is not the smallest.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws:
        bound *= gamma * torch.linalg.norm(W).item()
    return bound
