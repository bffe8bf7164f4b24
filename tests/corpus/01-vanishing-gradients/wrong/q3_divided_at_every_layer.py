# about: 층마다 N으로 다시 나눈다
# question: q3
# hand: 40% The second formula has a factor too many; the first is right.
# loses: test_q3_delta_goes_back_through_the_weights
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1] / N)
    return deltas
