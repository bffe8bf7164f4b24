# about: nn.Module을 쓰지 않고 모멘텀까지 직접 계산한다
# question: q8

# %% q8
def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    def logits(h, Ws, bs):
        for l, (W, b) in enumerate(zip(Ws, bs)):
            h = h @ W.T + b
            h = h.relu() if l < len(Ws) - 1 else h
        return h

    x, y, x_t, y_t = data
    out = {}
    for name in inits:
        out[name] = {}
        for depth in depths:
            g = torch.Generator()
            g.manual_seed(seed)
            sizes = [x.size(1), *[width] * depth, int(y.max()) + 1]
            Ws = [inits[name](torch.zeros(o, i), g).detach().clone().requires_grad_() for i, o in zip(sizes, sizes[1:])]
            bs = [torch.zeros(o, requires_grad=True) for o in sizes[1:]]
            params = Ws + bs
            velocity = [torch.zeros_like(p) for p in params]
            for _ in range(steps):
                idx = torch.randperm(len(x), generator=g)[:batch]
                loss = nn.functional.cross_entropy(logits(x[idx], Ws, bs), y[idx])
                for p, v, d in zip(params, velocity, torch.autograd.grad(loss, params)):
                    v.mul_(0.9).add_(d)
                    p.data.sub_(lr * v)
            out[name][depth] = (logits(x_t, Ws, bs).argmax(1) == y_t).double().mean().item()
    return out
