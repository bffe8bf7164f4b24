# about: 정답에서 확률을 뺀다 (onehot - softmax)
# question: q3
# hand: 50% The first formula has the wrong sign, which every delta carries.
# loses: test_q3_output_delta_is_softmax_minus_one_hot
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    p = torch.softmax(zs[-1], dim=1)
    onehot = torch.zeros_like(p)
    onehot[torch.arange(len(y)), y] = 1
    deltas = [(onehot - p) / len(y)]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
