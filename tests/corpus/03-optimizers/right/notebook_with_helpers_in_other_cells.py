# about: 보조 함수를 다른 셀에, 일부는 나중 셀에 정의하고 출력과 그림을 많이 남긴다

# %% before q2
def ema(old, new, rate):
    """이동 평균"""
    return new * (1 - rate) if old is None else old * rate + new * (1 - rate)

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    average = ema(state.get("average"), g, beta)
    return p - step_length(lr, beta) * average, {"average": average}

# %% after q2
def step_length(lr, beta):
    """이동 평균을 쌓은 속도로 바꾸는 배율"""
    return lr / (1 - beta)


print(momentum(torch.zeros(2), torch.ones(2), {}))

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = ema(state.get("v"), g * g, alpha)
    return p - lr * g / (torch.sqrt(v) + eps), {"v": v}

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    n = state.get("n", 0) + 1
    m, v = ema(state.get("m"), g, betas[0]), ema(state.get("v"), g * g, betas[1])
    direction = corrected(m, betas[0], n) / (corrected(v, betas[1], n).sqrt() + eps)
    return p - lr * direction, {"n": n, "m": m, "v": v}


def corrected(average, beta, n):
    return average / (1 - beta**n)

# %% after q4
# torch.optim과 비교
w = torch.zeros(3, requires_grad=True)
theirs = torch.optim.Adam([w], lr=0.1)
mine, memory = torch.zeros(3), {}
for i in range(5):
    w.grad = torch.tensor([1.0, -2.0, 3.0]) * (i + 1)
    mine, memory = adam(mine, w.grad, memory, lr=0.1)
    theirs.step()
    print(i, (mine - w.detach()).abs().max().item())

# %% q8
def wilson_problem(n, p, gen):
    u = torch.rand(n, generator=gen, dtype=torch.float64)
    y = torch.sign(p - u)
    y[y == 0] = -1.0
    X = torch.hstack([y[:, None], torch.ones(n, 2, dtype=torch.float64), torch.zeros(n, 5 * n, dtype=torch.float64)])
    for i, label in enumerate(y):
        X[i, 3 + 5 * i] = 1
        if label < 0:
            X[i, 4 + 5 * i : 8 + 5 * i] = 1
    return X, y

# %% after q8
X_, y_ = wilson_problem(20, 0.65, torch.Generator().manual_seed(1))
plt.imshow(X_)
plt.show()
