# about: 문제 1-3의 함수로 기울기를 구해 학습한다 (자동 미분 없이)
# question: q7

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    x, y, x_test_part, y_test_part = data
    classes = len(torch.unique(y))
    scores = {}
    for depth in depths:
        g = torch.Generator().manual_seed(seed)
        sizes = [x.shape[1], *[width] * depth, classes]
        Ws, bs, vWs, vbs = [], [], [], []
        for n_in, n_out in zip(sizes, sizes[1:]):
            bound = (6 / (n_in + n_out)) ** 0.5
            Ws.append((2 * torch.rand(n_out, n_in, generator=g) - 1) * bound)
            bs.append(torch.zeros(n_out))
            vWs.append(torch.zeros(n_out, n_in))
            vbs.append(torch.zeros(n_out))
        for _ in range(steps):
            zs, hs = forward(x, Ws, bs, act)
            deltas = backward(zs, hs, Ws, act, y)
            for l, delta in enumerate(deltas):
                vWs[l] = 0.9 * vWs[l] + delta.T @ hs[l]
                vbs[l] = 0.9 * vbs[l] + delta.sum(0)
                Ws[l] = Ws[l] - lr * vWs[l]
                bs[l] = bs[l] - lr * vbs[l]
        logits = forward(x_test_part, Ws, bs, act)[0][-1]
        scores[depth] = (logits.argmax(1) == y_test_part).float().mean()
    return scores
