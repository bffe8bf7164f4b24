# about: 1절의 식(유닛이 하나인 신경망)을 원소별 곱으로 그대로 옮긴다
# question: q3
# loses: test_q3_one_delta_per_layer_in_forward_order

# %% q3
def backward(zs, hs, Ws, act, y):
    probabilities = torch.softmax(zs[-1], dim=1)
    deltas = [(probabilities - nn.functional.one_hot(y, zs[-1].shape[1])) / len(y)]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, deltas[0] * Ws[l + 1] * act_and_grad(act, zs[l])[1])
    return deltas
