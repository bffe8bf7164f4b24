# about: torch.optim 없이 모멘텀 SGD를 손으로 쓰고 Module 클래스를 만든다
# question: q7

# %% q7
class Mlp(nn.Module):
    def __init__(self, sizes, act):
        super().__init__()
        self.act = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[act]
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes[:-1], sizes[1:]))
        for layer in self.layers:
            limit = math.sqrt(6 / (layer.in_features + layer.out_features))
            nn.init.uniform_(layer.weight, -limit, limit)
            nn.init.constant_(layer.bias, 0.0)

    def forward(self, h):
        for layer in self.layers[:-1]:
            h = self.act(layer(h))
        return self.layers[-1](h)


def train_one(act, depth, seed, data, width, steps, lr):
    x, y, x_new, y_new = data
    torch.manual_seed(seed)
    net = Mlp([x.size(1)] + depth * [width] + [y.max().item() + 1], act)
    velocity = [torch.zeros_like(p) for p in net.parameters()]
    for step in range(steps):
        grads = torch.autograd.grad(nn.functional.cross_entropy(net(x), y), list(net.parameters()))
        with torch.no_grad():
            for p, v, g in zip(net.parameters(), velocity, grads):
                v.mul_(0.9).add_(g)
                p.sub_(lr * v)
    with torch.no_grad():
        guess = net(x_new).argmax(dim=-1)
    return float(torch.sum(guess == y_new)) / len(y_new)


def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    return {d: train_one(act, d, seed, data, width, steps, lr) for d in depths}
