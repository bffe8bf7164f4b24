# about: 곱을 float32로 쌓아 층이 많으면 0이 된다
# question: q5
# hand: 15% Only a product beyond float32 is wrong.
# loses: test_q5_many_layers_keep_their_precision

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = torch.tensor(1.0)
    for W in Ws:
        bound = bound * gamma * torch.linalg.matrix_norm(W.float(), 2)
    return bound.item()
