# about: 1절의 식(유닛이 하나인 신경망)을 원소별 곱으로 그대로 옮긴다
# question: q3
# hand: 60% The second formula is that of another network and fails for ordinary shapes; the first is right.
# loses: test_q3_delta_goes_back_through_the_weights
# loses: test_q3_deltas_equal_those_of_autograd
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_one_delta_per_layer_in_forward_order

# %% q3
def backward(zs, hs, Ws, act, y):
    probabilities = torch.softmax(zs[-1], dim=1)
    deltas = [(probabilities - nn.functional.one_hot(y, zs[-1].shape[1])) / len(y)]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, deltas[0] * Ws[l + 1] * act_and_grad(act, zs[l])[1])
    return deltas
