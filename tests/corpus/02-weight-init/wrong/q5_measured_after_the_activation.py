# about: 활성화 함수를 적용한 뒤에 잰다
# question: q5
# hand: 35% two of the three faults are mended
# loses: test_q5_values_of_whole_networks
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(PHI[act](z).std())
        h = PHI[act](z)
    return torch.stack(stds)
