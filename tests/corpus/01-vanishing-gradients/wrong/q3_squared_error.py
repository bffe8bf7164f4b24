# about: 교차 엔트로피 대신 제곱 오차의 델타를 쓴다
# question: q3
# hand: 55% The first formula belongs to another loss; the second is right.
# loses: test_q3_output_delta_is_softmax_minus_one_hot
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    onehot = torch.nn.functional.one_hot(y, zs[-1].shape[1]).to(zs[-1].dtype)
    deltas = [(zs[-1] - onehot) / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
