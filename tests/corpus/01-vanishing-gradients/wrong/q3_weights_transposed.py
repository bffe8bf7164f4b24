# about: 뒤로 갈 때도 가중치를 전치한다 (정사각 행렬에서만 돌아간다)
# question: q3
# hand: 50% The second formula fails for ordinary shapes; the first is right.
# loses: test_q3_delta_goes_back_through_the_weights
# loses: test_q3_deltas_equal_those_of_autograd
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_one_delta_per_layer_in_forward_order

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1].T) * act_and_grad(act, zs[l])[1])
    return deltas
