# about: def 대신 lambda와 functools.partial로 함수를 정의한다

# %% q1
def _unknown(z):
    raise ValueError("그런 활성화 함수는 없습니다")


act_and_grad = lambda name, z: {
    "sigmoid": lambda z: (z.sigmoid(), z.sigmoid() * (-z).sigmoid()),
    "tanh": lambda z: (z.tanh(), 1 - z.tanh() ** 2),
    "relu": lambda z: (z.relu(), (z > 0) * torch.ones_like(z)),
}.get(name, _unknown)(z)

# %% q5
jacobian_bound = lambda Ws, act: math.prod(
    [(0.25 if act == "sigmoid" else 1.0) * torch.linalg.svdvals(W).max().item() for W in Ws]
)

# %% q7
import functools


def _sweep(act, depths, seed, data, width, steps, lr):
    xs, ys, xt, yt = data
    nets = {}
    for depth in depths:
        torch.manual_seed(seed)
        widths = [xs.shape[-1]] + [width] * depth
        blocks = [m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), getattr(nn, NAMES[act])())]
        nets[depth] = nn.Sequential(*blocks, nn.Linear(width, ys.unique().numel()))
        for p in nets[depth].parameters():
            nn.init.xavier_uniform_(p) if p.dim() == 2 else nn.init.zeros_(p)
    for net in nets.values():
        opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
        for _ in range(steps):
            net.zero_grad()
            torch.nn.CrossEntropyLoss()(net(xs), ys).backward()
            opt.step()
    return {d: (net(xt).max(1).indices == yt).sum().item() / yt.numel() for d, net in nets.items()}


NAMES = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}
depth_sweep = functools.partial(_sweep, width=32, steps=200, lr=0.05)
