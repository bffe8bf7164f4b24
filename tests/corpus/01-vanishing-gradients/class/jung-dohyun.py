# about: 모두 풀었지만 다섯 문제에 오개념이 하나씩 있는 학생
# expect: 83

# %% drop experiments

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        return torch.relu(z), (z >= 0).to(z.dtype)
    raise ValueError(name)

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    for W in Ws:
        bound *= gamma * torch.linalg.norm(W).item()
    return bound

# %% q6
def decay_factor(norms):
    g = norms.numpy()
    ok = np.isfinite(g) & (g > 0)
    if ok.sum() < 2:
        return float("nan")
    slope, _ = np.polyfit(np.arange(len(g))[ok], np.log(g[ok]), 1)
    return float(np.exp(slope))

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    x_tr, y_tr, x_te, y_te = data
    result = {}
    for depth in depths:
        torch.manual_seed(seed)
        layers = []
        size = x_tr.shape[1]
        for _ in range(depth):
            layers.append(nn.Linear(size, width))
            layers.append({"sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU()}[act])
            size = width
        layers.append(nn.Linear(size, len(set(y_tr.tolist()))))
        model = nn.Sequential(*layers)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        for step in range(steps):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x_tr), y_tr)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            result[depth] = (model(x_te).argmax(1) == y_te).float().mean().item()
    return result

# %% q8
def audit(sweep, depths, seed, data):
    x_tr, y_tr, x_te, y_te = data
    first, again = sweep(depths, seed, data), sweep(depths, seed, data)
    if any(abs(first[d] - again[d]) > 1e-6 for d in depths):
        return {"repeat": True, "order": None, "test": None}
    back = sweep(depths[::-1], seed, data)
    flipped = sweep(depths, seed, (x_tr, y_tr, x_te, 1 - y_te))
    return {
        "repeat": False,
        "order": any(abs(first[d] - back[d]) > 1e-6 for d in depths),
        "test": any(abs(first[d] + flipped[d] - 1) > 1e-6 for d in depths),
    }

# %% reflection
# 시그모이드의 도함수는 최대 1/4이고 층마다 곱해지므로 입력 쪽의 기울기가 사라집니다. 실험에서 비율이 0.24 정도로
# 나왔습니다.
