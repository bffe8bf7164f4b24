# about: 평균을 빼지 않은 제곱 평균의 제곱근을 돌려준다
# question: q5
# hand: 40% not the standard deviation that is asked, close to it only where the mean is near 0
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.square().mean().sqrt())
        h = PHI[act](z)
    return torch.stack(stds)
