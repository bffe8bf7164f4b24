# about: 표준편차 대신 분산을 돌려준다
# question: q5
# hand: 55% the root is missing for each input, the three faults are mended
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.var())
        h = PHI[act](z)
    return torch.stack(stds)
