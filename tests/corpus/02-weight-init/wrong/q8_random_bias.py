# about: 편향도 gen에서 무작위로 뽑는다
# question: q8
# hand: 25% biases are not 0, as the text asks
# loses: test_q8_trains_as_stated

# %% q8
def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    x, y, x_held, y_held = data
    accuracy = {name: {} for name in inits}
    for name, init in inits.items():
        for depth in depths:
            gen = torch.Generator().manual_seed(seed)
            sizes = [x.shape[1]] + [width] * depth + [len(y.unique())]
            layers = []
            for n_in, n_out in zip(sizes, sizes[1:]):
                linear = nn.Linear(n_in, n_out)
                linear.weight = nn.Parameter(init(torch.empty(n_out, n_in), gen))
                nn.init.uniform_(linear.bias, -0.5, 0.5, generator=gen)
                layers += [linear, nn.ReLU()]
            model = nn.Sequential(*layers[:-1])
            optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
            for _ in range(steps):
                pick = torch.randint(len(x), (batch,), generator=gen)
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(x[pick]), y[pick])
                loss.backward()
                optimizer.step()
            with torch.no_grad():
                accuracy[name][depth] = (model(x_held).argmax(1) == y_held).float().mean().item()
    return accuracy
