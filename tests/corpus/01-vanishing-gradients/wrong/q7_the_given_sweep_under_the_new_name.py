# about: 주어진 코드의 이름만 바꾼다
# question: q7
# hand: 95% None of the four faults is mended.
# loses: test_q7_accuracy_is_measured_on_unseen_data
# loses: test_q7_deep_tanh_and_relu_learn
# loses: test_q7_seed_alone_decides_the_result
# loses: test_q7_shallow_sigmoid_learns_in_time
# loses: test_q7_trains_as_described_and_tells_shares
# loses: test_q7_width_steps_and_rate_are_used

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    """깊이마다 신경망을 새로 학습시켜 정확도를 잽니다. 급히 쓴 코드이며, 공정한 비교가 아닙니다."""
    x_fit, y_fit, x_new, y_new = data
    phi = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[act]
    rate = lr * {"sigmoid": 0.2, "tanh": 0.5, "relu": 1.0}[act]  # 안정되게
    table = {}
    torch.manual_seed(seed)
    for depth in depths:
        widths = [x_fit.shape[1]] + [width] * depth + [len(y_fit.unique())]
        parts = []
        for n_in, n_out in zip(widths, widths[1:]):
            layer = nn.Linear(n_in, n_out)
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
            parts += [layer, phi()]
        net = nn.Sequential(*parts[:-1])
        sgd = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
        best = 0.0
        for _ in range(steps // depth):  # 깊을수록 한 단계가 오래 걸리므로
            sgd.zero_grad()
            loss = nn.functional.cross_entropy(net(x_fit), y_fit)
            loss.backward()
            sgd.step()
            with torch.no_grad():
                right = (net(x_new).argmax(1) == y_new).double().mean().item()
            best = max(best, right)  # 가장 잘된 순간
        table[depth] = best
    return table
