# about: 끝까지 풀었지만 문제마다 오개념이 하나씩 섞인 학생
# expect: 58

# %% drop experiments

# %% before q1
import random

random.seed(0)
np.random.seed(0)
torch.manual_seed(0)


# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    n_out = shape[0]
    n_in = shape[1]
    return n_in, n_out


# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    a = gain * math.sqrt(6.0 / (n_in + n_out))
    with torch.no_grad():
        w.uniform_(-a, a, generator=gen)
    return w


# %% after q2
xavier_(torch.empty(3, 3), 1.0, torch.Generator().manual_seed(0))


# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode == "fan_in":
        std = 1 / math.sqrt(n_in * (1 + slope**2))
    elif mode == "fan_out":
        std = 1 / math.sqrt(n_out * (1 + slope**2))
    else:
        raise ValueError("mode")
    with torch.no_grad():
        w.normal_(0, std, generator=gen)
    return w


# %% q4
def orthogonal_(w, gen):
    rows, cols = w.shape
    if rows >= cols:
        q = torch.linalg.qr(torch.randn(rows, cols, generator=gen, dtype=w.dtype)).Q
    else:
        q = torch.linalg.qr(torch.randn(cols, rows, generator=gen, dtype=w.dtype)).Q.T
    with torch.no_grad():
        w.copy_(q)
    return w


# %% q5
def propagate(Ws, x, act):
    out = []
    h = x
    for W in Ws:
        z = h @ W.T
        out.append(torch.std(z, dim=0).mean())
        h = PHI[act](z)
    return torch.stack(out)


# %% after q5
print(propagate([torch.randn(4, 3), torch.randn(2, 4)], torch.randn(5, 3), "relu"))


# %% q6
def predict_std(act, L, scheme):
    n = 64
    if scheme == "xavier":
        v = 1 / n
    elif scheme == "he":
        v = 2 / n
    else:
        v = 1 / (3 * n)
    z = torch.randn(200000, generator=torch.Generator().manual_seed(0))
    q = 1.0
    res = []
    for l in range(L):
        q = q * n * v
        if act == "relu":
            q = q / 2
        elif act != "linear":
            q = (PHI[act](z * q**0.5) ** 2).mean().item()
        res.append(q**0.5)
    return torch.tensor(res)


# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    h = x
    result = []
    for W in Ws:
        v = PHI[act](h @ W.T).var()
        while abs(v - 1) > tol:
            W = W / v**0.5
            v = PHI[act](h @ W.T).var()
        result.append(W)
        h = PHI[act](h @ W.T)
    return result


# %% q8
def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    x_tr, y_tr, x_te, y_te = data
    n_class = int(y_tr.max()) + 1
    res = {}
    for name in inits:
        res[name] = {}
        for d in depths:
            g = torch.Generator().manual_seed(seed)
            dims = [x_tr.shape[1]] + [width] * d + [n_class]
            mods = []
            for i in range(len(dims) - 1):
                fc = nn.Linear(dims[i], dims[i + 1])
                fc.weight = nn.Parameter(inits[name](torch.empty(dims[i + 1], dims[i]), g))
                mods.append(fc)
                if i < len(dims) - 2:
                    mods.append(nn.ReLU())
            net = nn.Sequential(*mods)
            opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
            for _ in range(steps):
                ix = torch.randint(len(x_tr), (batch,), generator=g)
                opt.zero_grad()
                nn.functional.cross_entropy(net(x_tr[ix]), y_tr[ix]).backward()
                opt.step()
            with torch.no_grad():
                res[name][d] = (net(x_te).argmax(1) == y_te).float().mean().item()
    return res


# %% reflection
# 초기화가 너무 작으면 신호가 사라지고 너무 크면 폭발합니다. Xavier는 30층에서 표준편차가 아주 작아졌습니다.
