# about: 초안에서 리스트를 비우는 것만 고친다
# question: q5
# hand: 65% one of the three faults is mended
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers

# %% q5
def propagate(Ws, x, act):
    stds = []
    for W in list(Ws):
        x = PHI[act](x @ W.T)
        stds.append(x.std(dim=0).mean())
    return torch.stack(stds)
