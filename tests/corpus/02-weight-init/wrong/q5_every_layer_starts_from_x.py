# about: 층마다 입력 x에서 다시 시작한다
# question: q5
# hand: 75% only the first layer is right, the signal is not carried on
# loses: test_q5_values_of_whole_networks
# loses: test_q5_linear_layers_follow_each_other
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers
# loses: test_q5_does_not_change_its_inputs

# %% q5
def propagate(Ws, x, act):
    stds = []
    product = torch.eye(x.shape[1], dtype=x.dtype)
    for W in Ws:
        product = W @ product
        stds.append((x @ Ws[0].T).std())
    return torch.stack(stds)
