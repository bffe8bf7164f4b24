# about: 소프트맥스를 두 번 적용한다
# question: q3
# hand: 50% The first formula is another one; the second is right.
# loses: test_q3_output_delta_is_softmax_minus_one_hot
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    p = torch.softmax(zs[-1], dim=1)
    d = torch.softmax(p, dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
