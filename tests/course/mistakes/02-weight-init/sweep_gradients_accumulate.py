# ruff: noqa
# gradients of all steps are added up
# question: q8
# says: zero_grad


def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    """초기화와 깊이마다 ReLU 신경망을 새로 학습시켜 테스트 정확도를 잽니다.

    inits: {이름: init}, init(w, gen)은 초기화한 (n_out, n_in) 텐서를 돌려줍니다.
    data:  (x_train, y_train, x_test, y_test)
    반환:  {이름: {깊이: 0과 1 사이의 정확도}}
    """
    x, y, x_held, y_held = data
    accuracy = {name: {} for name in inits}
    for name, init in inits.items():
        for depth in depths:
            gen = torch.Generator()
            gen.manual_seed(seed)
            sizes = [x.shape[1]] + [width] * depth + [len(y.unique())]
            blocks = []
            for a, b in zip(sizes, sizes[1:]):
                linear = nn.Linear(a, b)
                linear.weight = nn.Parameter(init(torch.empty(b, a), gen))
                nn.init.zeros_(linear.bias)
                blocks += [linear, nn.ReLU()]
            model = nn.Sequential(*blocks[:-1])
            optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
            for _ in range(steps):
                rows = torch.randint(len(x), (batch,), generator=gen)
                nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()
            with torch.no_grad():
                accuracy[name][depth] = (model(x_held).argmax(1) == y_held).double().mean().item()
    return accuracy
