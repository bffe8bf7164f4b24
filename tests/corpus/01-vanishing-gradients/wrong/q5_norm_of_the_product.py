# about: 행렬을 모두 곱한 뒤 노름을 한 번 구한다
# question: q5
# hand: 45% The text asks for a factor for each matrix; only a single matrix is right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_layers_multiply

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    if not Ws:
        return 1.0
    product = Ws[0]
    for W in Ws[1:]:
        product = W @ product
    return gamma ** len(Ws) * torch.linalg.matrix_norm(product, 2).item()
