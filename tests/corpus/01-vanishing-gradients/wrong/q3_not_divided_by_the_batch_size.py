# about: N으로 나누지 않는다 (손실의 합)
# question: q3
# hand: 45% The first formula lacks its factor 1/N, which every delta carries.
# loses: test_q3_loss_is_the_mean_over_the_batch
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(len(y)), y] -= 1
    deltas = [d]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
