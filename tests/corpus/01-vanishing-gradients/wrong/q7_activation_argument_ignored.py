# about: act와 무관하게 언제나 ReLU를 쓴다
# question: q7
# hand: 45% A whole argument, the very thing compared, is ignored.
# loses: test_q7_deep_sigmoid_does_not_learn
# loses: test_q7_deep_tanh_and_relu_learn
# loses: test_q7_trains_as_described_and_tells_shares

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    x_train, y_train, x_test, y_test = data
    classes = int(y_train.max()) + 1
    activation = nn.ReLU
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
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x_train), y_train)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            accuracy = (model(x_test).argmax(dim=1) == y_test).float().mean().item()
        result[depth] = accuracy
    return result
