# about: 거의 모든 문제를 다른 방법으로 푼 학생
# expect: 100

# %% q1
def fans(shape):
    return nn.init._calculate_fan_in_and_fan_out(torch.empty(tuple(shape), device="meta"))


# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    z = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    while (z.abs() > 3).any():
        z = torch.where(z.abs() > 3, torch.randn(w.shape, dtype=w.dtype, generator=gen), z)
    return z * gain * math.sqrt(2 / (n_in + n_out))


# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    match mode:
        case "fan_in":
            n = n_in
        case "fan_out":
            n = n_out
        case _:
            raise ValueError(mode)
    return xavier_(w, math.sqrt((n_in + n_out) / n / (1 + slope * slope)), gen)


# %% q4
def orthogonal_(w, gen):
    u, _, vh = torch.linalg.svd(torch.randn(w.shape, dtype=w.dtype, generator=gen), full_matrices=False)
    return u @ vh


# %% q5
def propagate(Ws, x, act):
    f = {"linear": lambda a: a, "relu": lambda a: np.maximum(a, 0), "tanh": np.tanh}[act]
    h, found = x.numpy(), []
    for W in Ws:
        z = h @ W.numpy().T
        found.append(np.std(z))
        h = f(z)
    return torch.tensor(np.array(found))


# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    if act in ("linear", "relu"):
        factors = torch.full((L,), c * (0.5 if act == "relu" else 1.0))
        factors[0] = c
        return factors.cumprod(0).sqrt()
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    q = [c]
    while len(q) < L:
        h = PHI[act](torch.from_numpy(node * q[-1] ** 0.5)).numpy()
        q.append(c * float(weight @ h**2) / float(weight.sum()))
    return torch.tensor(q).sqrt()


# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    phi, h, scaled = PHI[act], x, []
    for W in Ws:
        z, s = h @ W.T, 1.0
        for _ in range(max_steps):
            v = phi(s * z).var(correction=0)
            if (v - 1).abs() <= tol:
                break
            s = s / v.sqrt()
        scaled.append(s * W)
        h = phi(s * z)
    return scaled


# %% q8
def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    xa, ya, xb, yb = data
    result = {}
    for name, init in inits.items():
        for depth in depths:
            sizes = [xa.shape[1]] + depth * [width] + [ya.unique().numel()]
            linears = [nn.Linear(a, b, bias=True) for a, b in zip(sizes[:-1], sizes[1:])]
            gen = torch.manual_seed(seed)
            for linear in linears:
                with torch.no_grad():
                    linear.weight.copy_(init(linear.weight.detach(), gen))
                    linear.bias.fill_(0)
            modules = [m for linear in linears for m in (linear, nn.ReLU())]
            net = nn.Sequential(*modules[:-1])
            sgd = torch.optim.SGD(net.parameters(), lr, momentum=0.9)
            for _ in range(steps):
                rows = torch.randint(0, xa.shape[0], (batch,), generator=gen)
                sgd.zero_grad()
                nn.functional.cross_entropy(net(xa[rows]), ya[rows]).backward()
                sgd.step()
            right = (net(xb).argmax(dim=-1) == yb).sum().item()
            result.setdefault(name, {})[depth] = right / len(yb)
    return result
