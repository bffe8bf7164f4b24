# about: 빈 리스트에서 torch.stack이 실패한다
# question: q5
# hand: 20% The one edge that the text names fails.
# loses: test_q5_no_layers_give_one

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return torch.stack([gamma * torch.linalg.matrix_norm(W, 2) for W in Ws]).prod().item()
