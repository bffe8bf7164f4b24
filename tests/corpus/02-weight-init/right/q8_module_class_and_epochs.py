# about: 클래스로 신경망을 만들고 에포크마다 섞어 미니배치를 꺼낸다
# question: q8

# %% q8
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))

    def forward(self, h):
        *hidden, last = self.layers
        for layer in hidden:
            h = nn.functional.relu(layer(h))
        return last(h)


def batches(n, size, gen):
    while True:
        order = torch.randperm(n, generator=gen)
        for start in range(0, n, size):
            yield order[start : start + size]


def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    x, y, x_test, y_test = data

    def one(init, depth):
        gen = torch.Generator().manual_seed(seed)
        net = Net([x.shape[1]] + [width] * depth + [len(set(y.tolist()))])
        for layer in net.layers:
            layer.weight.data = init(layer.weight.data, gen)
            layer.bias.data.zero_()
        optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
        for _, rows in zip(range(steps), batches(len(x), batch, gen)):
            loss = nn.CrossEntropyLoss()(net(x[rows]), y[rows])
            net.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.inference_mode():
            return (net(x_test).max(1).indices == y_test).float().mean().item()

    return {name: {depth: one(init, depth) for depth in depths} for name, init in inits.items()}
