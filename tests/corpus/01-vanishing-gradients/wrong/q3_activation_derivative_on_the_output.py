# about: 출력층의 델타에도 act'를 곱한다
# question: q3
# hand: 45% The first of two formulas is wrong, the second and the order are right.
# loses: test_q3_output_delta_is_softmax_minus_one_hot
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N * act_and_grad(act, zs[-1])[1]]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
