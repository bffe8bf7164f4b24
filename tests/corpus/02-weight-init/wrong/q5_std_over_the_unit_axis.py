# about: 표본마다 유닛에 대한 표준편차를 구해 평균한다
# question: q5
# hand: 35% two of the three faults are mended, the third is replaced by its twin
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.std(dim=1, unbiased=False).mean())
        h = PHI[act](z)
    return torch.stack(stds)
