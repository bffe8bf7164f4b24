# about: zero_grad()를 부르지 않아 기울기가 쌓인다
# question: q7
# hand: 50% The faults are mended, but the training itself is wrong for every input.
# loses: test_q7_deep_tanh_and_relu_learn
# loses: test_q7_shallow_sigmoid_learns_in_time
# loses: test_q7_trains_as_described_and_tells_shares

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    x_train, y_train, x_test, y_test = data
    classes = int(y_train.max()) + 1
    activation = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[act]
    result = {}
    for depth in depths:
        torch.manual_seed(seed)
        layers, fan_in = [], x_train.shape[1]
        for _ in range(depth):
            layers += [nn.Linear(fan_in, width), activation()]
            fan_in = width
        model = nn.Sequential(*layers, nn.Linear(fan_in, classes))
        for layer in model:
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        for _ in range(steps):
            loss = torch.nn.functional.cross_entropy(model(x_train), y_train)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            accuracy = (model(x_test).argmax(dim=1) == y_test).float().mean().item()
        result[depth] = accuracy
    return result
