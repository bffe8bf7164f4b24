# about: 소프트맥스를 배치 축(dim=0)으로 구한다
# question: q3
# hand: 50% The first formula takes its sum over the wrong axis.
# loses: test_q3_output_delta_is_softmax_minus_one_hot
# loses: test_q3_loss_is_the_mean_over_the_batch
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=0)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
