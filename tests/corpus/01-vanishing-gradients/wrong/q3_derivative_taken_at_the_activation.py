# about: act'를 z가 아니라 활성값 h에서 구한다
# question: q3
# hand: 35% The second formula takes its slope at the wrong value, which a hint warns of; ReLU is right.
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, hs[l + 1])[1])
    return deltas
