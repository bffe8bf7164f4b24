# about: 초안을 고치지 않고 그대로 낸다
# question: q5
# hand: 100% none of the three faults is mended
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers
# loses: test_q5_does_not_change_its_inputs

# %% q5
def propagate(Ws, x, act):
    stds = []
    while Ws:
        W = Ws.pop(0)
        x = PHI[act](x @ W.T)
        stds.append(x.std(dim=0).mean())
    return torch.stack(stds)
