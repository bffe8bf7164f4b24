# about: 초안에서 축(dim)만 그대로 둔다
# question: q5
# hand: 35% two of the three faults are mended
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries

# %% q5
def propagate(Ws, x, act):
    stds = []
    for W in Ws:
        z = x @ W.T
        stds.append(z.std(dim=0).mean())
        x = PHI[act](z)
    return torch.stack(stds)
