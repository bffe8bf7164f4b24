# about: 로짓에 바로 빼기를 하여 입력 zs를 바꾼다
# question: q3
# hand: 25% The text forbids changing the arguments; what is returned is right.
# loses: test_q3_does_not_change_its_inputs

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = zs[-1]
    d -= d.max(dim=1, keepdim=True).values
    d.exp_()
    d /= d.sum(dim=1, keepdim=True)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas
