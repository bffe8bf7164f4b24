# about: 가중치를 전치하지 않는다 (정사각 행렬에서만 돌아간다)
# question: q5
# hand: 60% wrong values for square layers and an error for all others
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries
# loses: test_q5_linear_layers_follow_each_other
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W
        stds.append(z.std())
        h = PHI[act](z)
    return torch.stack(stds)
