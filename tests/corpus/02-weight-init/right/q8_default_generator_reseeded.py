# about: 전역 생성기에 시드를 다시 심어 gen으로 쓴다
# question: q8

# %% q8
def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    xa, ya, xb, yb = data
    result = {}
    for name, init in inits.items():
        for depth in depths:
            sizes = [xa.shape[1]] + depth * [width] + [ya.unique().numel()]
            linears = [nn.Linear(a, b, bias=True) for a, b in zip(sizes[:-1], sizes[1:])]
            gen = torch.manual_seed(seed)
            for linear in linears:
                with torch.no_grad():
                    linear.weight.copy_(init(linear.weight.detach(), gen))
                    linear.bias.fill_(0)
            modules = [m for linear in linears for m in (linear, nn.ReLU())]
            net = nn.Sequential(*modules[:-1])
            sgd = torch.optim.SGD(net.parameters(), lr, momentum=0.9)
            for _ in range(steps):
                rows = torch.randint(0, xa.shape[0], (batch,), generator=gen)
                sgd.zero_grad()
                nn.functional.cross_entropy(net(xa[rows]), ya[rows]).backward()
                sgd.step()
            right = (net(xb).argmax(dim=-1) == yb).sum().item()
            result.setdefault(name, {})[depth] = right / len(yb)
    return result
