# about: 뒤에서부터 구한 순서 그대로 돌려준다
# question: q3
# hand: 35% Both formulas are right; the order that the text asks for is not.
# loses: test_q3_deltas_equal_those_of_autograd
# loses: test_q3_one_delta_per_layer_in_forward_order

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.append((deltas[-1] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
