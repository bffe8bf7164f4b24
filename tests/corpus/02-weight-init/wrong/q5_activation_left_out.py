# about: 층 사이에 활성화 함수를 적용하지 않는다
# question: q5
# hand: 55% all layers but the first are wrong for each activation but linear
# loses: test_q5_values_of_whole_networks
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers

# %% q5
def propagate(Ws, x, act):
    h, stds = x, []
    for W in Ws:
        h = h @ W.T
        stds.append(h.std())
    return torch.stack(stds)
