# about: 문제 2, 3이 틀렸고 문제 7이 그 함수들로 학습하지만, 문제 7에서는 점수를 잃지 않는다
# loses: test_q2_weighted_sums_match
# loses: test_q3_loss_is_the_mean_over_the_batch
# loses: test_q3_deltas_equal_those_of_autograd

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T
        zs.append(z)
        hs.append(z if l == len(Ws) - 1 else act_and_grad(act, z)[0])
    return zs, hs

# %% q3
def backward(zs, hs, Ws, act, y):
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(len(y)), y] -= 1
    deltas = [d]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, (deltas[0] @ Ws[l + 1]) * act_and_grad(act, zs[l])[1])
    return deltas

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    x, y, x_test_part, y_test_part = data
    scores = {}
    for depth in depths:
        g = torch.Generator().manual_seed(seed)
        sizes = [x.shape[1], *[width] * depth, len(torch.unique(y))]
        Ws, bs, vWs, vbs = [], [], [], []
        for n_in, n_out in zip(sizes, sizes[1:]):
            Ws.append((2 * torch.rand(n_out, n_in, generator=g) - 1) * (6 / (n_in + n_out)) ** 0.5)
            bs.append(torch.zeros(n_out))
            vWs.append(torch.zeros(n_out, n_in))
            vbs.append(torch.zeros(n_out))
        for _ in range(steps):
            zs, hs = forward(x, Ws, bs, act)
            for l, delta in enumerate(backward(zs, hs, Ws, act, y)):
                vWs[l] = 0.9 * vWs[l] + delta.T @ hs[l]
                vbs[l] = 0.9 * vbs[l] + delta.sum(0)
                Ws[l] = Ws[l] - lr * vWs[l]
                bs[l] = bs[l] - lr * vbs[l]
        logits = forward(x_test_part, Ws, bs, act)[0][-1]
        scores[depth] = (logits.argmax(1) == y_test_part).float().mean().item()
    return scores
