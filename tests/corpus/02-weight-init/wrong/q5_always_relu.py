# about: act 인자와 상관없이 ReLU를 쓴다
# question: q5
# hand: 35% one of the three arguments has no effect
# loses: test_q5_values_of_whole_networks
# loses: test_q5_linear_layers_follow_each_other
# loses: test_q5_tanh_stands_between_layers

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.std())
        h = torch.relu(z)
    return torch.stack(stds)
