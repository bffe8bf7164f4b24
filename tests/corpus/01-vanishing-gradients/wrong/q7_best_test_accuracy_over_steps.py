# about: 훈련 중 가장 높았던 테스트 정확도를 고른다
# question: q7
# hand: 35% One of the four faults is left, the one where the test part is used for choosing.
# loses: test_q7_accuracy_is_measured_on_unseen_data
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
        accuracy = 0.0
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x_train), y_train)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                now = (model(x_test).argmax(dim=1) == y_test).float().mean().item()
            accuracy = max(accuracy, now)
        result[depth] = accuracy
    return result
