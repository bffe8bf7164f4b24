# about: 신호가 아니라 가중치의 표준편차를 돌려준다
# question: q5
# hand: 90% the input and the activation have no effect, only the shape of the result is right
# loses: test_q5_values_of_whole_networks
# loses: test_q5_standard_deviation_of_all_entries
# loses: test_q5_linear_layers_follow_each_other
# loses: test_q5_relu_stands_between_layers
# loses: test_q5_tanh_stands_between_layers
# loses: test_q5_does_not_change_its_inputs

# %% q5
def propagate(Ws, x, act):
    return torch.stack([W.std() for W in Ws])
