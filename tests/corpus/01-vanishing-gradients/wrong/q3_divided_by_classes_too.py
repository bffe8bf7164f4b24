# about: 배치 크기와 클래스 수로 모두 나눈다 (.mean())
# question: q3
# hand: 45% The first formula has a wrong factor, which every delta carries.
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    p = torch.softmax(zs[-1], dim=1)
    onehot = torch.nn.functional.one_hot(y, p.shape[1])
    deltas = [(p - onehot) / p.numel()]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
