# about: z가 아니라 층에 들어가는 h를 잰다
# question: q5
# hand: 60% what is measured is another quantity for each layer, the way of the signal is right
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries
# loses: test_q5_linear_layers_follow_each_other

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        stds.append(h.std())
        h = PHI[act](h @ W.T)
    return torch.stack(stds)
