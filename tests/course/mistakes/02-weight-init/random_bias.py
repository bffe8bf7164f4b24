# ruff: noqa
# random bias
# question: q8
# says: 편향이 0이 아니면


def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    x, y, x_held, y_held = data
    found = {name: {} for name in inits}
    for name, init in inits.items():
        for depth in depths:
            gen = torch.Generator().manual_seed(seed)
            sizes = [x.shape[1]] + [width] * depth + [3]
            layers = []
            for a, b in zip(sizes, sizes[1:]):
                layers += [nn.Linear(a, b), nn.ReLU()]
                layers[-2].weight.data = init(torch.empty(b, a), gen)
            with torch.no_grad():
                found[name][depth] = (nn.Sequential(*layers[:-1])(x_held).argmax(1) == y_held).double().mean().item()
    return found
