# about: NumPy 난수로 초기화하고 float64로 학습한다
# question: q7

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    xa, ya, xb, yb = (t.double() if t.is_floating_point() else t for t in data)
    layer_of = dict(sigmoid=nn.Sigmoid, tanh=nn.Tanh, relu=nn.ReLU)[act]
    out = dict()
    for k in depths:
        rng = np.random.default_rng(seed)
        stack = nn.Sequential()
        previous = xa.shape[1]
        for i in range(k + 1):
            size = width if i < k else int(ya.max()) + 1
            lin = nn.Linear(previous, size, dtype=torch.float64)
            r = np.sqrt(6.0 / (previous + size))
            lin.weight.data = torch.from_numpy(rng.uniform(-r, r, (size, previous)))
            lin.bias.data.zero_()
            stack.append(lin)
            if i < k:
                stack.append(layer_of())
            previous = size
        opt = torch.optim.SGD(stack.parameters(), lr, 0.9)
        for _ in range(steps):
            opt.zero_grad(set_to_none=False)
            (-stack(xa).log_softmax(1)[torch.arange(len(ya)), ya]).mean().backward()
            opt.step()
        stack.eval()
        out[k] = np.mean(stack(xb).detach().numpy().argmax(1) == yb.numpy())
    return out
