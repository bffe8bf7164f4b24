# about: init이 제자리에서 채운다고 보고 반환값을 쓰지 않는다
# question: q8
# hand: 30% a start that returns a new tensor, as the text allows in bold, has no effect
# loses: test_q8_returned_tensor_becomes_the_weight
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
                init(linear.weight, gen)
                nn.init.zeros_(linear.bias)
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
