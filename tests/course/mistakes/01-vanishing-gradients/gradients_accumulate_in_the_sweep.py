# ruff: noqa
# no zero_grad
# question: q7
# says: zero_grad를 부르지


def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    import torch
    from torch import nn

    x, y, a, b = data
    out = {}
    for d in depths:
        torch.manual_seed(seed)
        sizes = [x.shape[1]] + [width] * d + [len(y.unique())]
        parts = []
        for i, o in zip(sizes, sizes[1:]):
            parts += [nn.Linear(i, o), {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[act]()]
            nn.init.xavier_uniform_(parts[-2].weight)
        net = nn.Sequential(*parts[:-1])
        sgd = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
        for _ in range(steps):
            nn.functional.cross_entropy(net(x), y).backward()
            sgd.step()
        out[d] = (net(a).argmax(1) == b).double().mean().item()
    return out
