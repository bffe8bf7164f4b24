# about: 함수 밖의 딕셔너리에 델타를 더해 가며 쌓는다
# question: q3
# hand: 35% Both formulas are right, and a second call of the same network gives another answer.
# loses: test_q3_loss_is_the_mean_over_the_batch
# loses: test_q3_does_not_change_its_inputs

# %% q3
accumulated = {}


def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    key = tuple(W.sum().item() for W in Ws)
    accumulated[key] = [a + b for a, b in zip(accumulated[key], deltas)] if key in accumulated else deltas
    return accumulated[key]
