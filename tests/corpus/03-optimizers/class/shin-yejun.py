# about: 거의 모든 문제를 다른 방법으로 푼 학생
# expect: 100

# %% q1
def sgd(p, g, state, lr=0.01):
    """기억할 것이 없으므로 state에는 손대지 않습니다."""
    new_p = torch.sub(p, g, alpha=lr)
    return new_p, state

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    if "step" in state:
        step = beta * state["step"] - lr * g
    else:
        step = -lr * g
    return p + step, dict(step=step)

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    square_avg = state["square_avg"].clone() if state else torch.zeros_like(p)
    square_avg.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    new_state = {"square_avg": square_avg}
    return p.clone().addcdiv_(g, square_avg.sqrt().add_(eps), value=-lr), new_state

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    (b1, b2), zero = betas, torch.zeros_like(p)
    t, m, v = state.get("기억", (torch.zeros((), dtype=torch.float64), zero, zero))
    t, m, v = t + 1, b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    one, two = float(1 - b1**t), float(1 - b2**t)
    return p - lr * (m / one) / (torch.sqrt(v / two) + eps), {"기억": (t, m, v)}

# %% q5
def heavy_ball_optimal(mu, L):
    mu, L = torch.tensor(mu, dtype=torch.float64), torch.tensor(L, dtype=torch.float64)
    root_lr = 2 / (L.sqrt() + mu.sqrt())
    root_beta = 1 - root_lr * mu.sqrt()
    return root_lr**2, root_beta**2

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    def f(q):
        return (q[0] ** 2 + kappa * q[1] ** 2) / 2

    q, memory, count = torch.ones(2, dtype=torch.double), {}, 0
    while not f(q).item() <= tol:
        if count >= max_steps:
            return float("inf")
        leaf = q.clone().requires_grad_(True)
        f(leaf).backward()
        q, memory = opt(q, leaf.grad, memory, **hp)
        count += 1
    return count

# %% q8
def wilson_problem(n, p, gen):
    rows, labels = [], []
    for i in range(n):
        label = +1.0 if torch.rand((), generator=gen).item() < p else -1.0
        mine = [1.0, 0.0, 0.0, 0.0, 0.0] if label > 0 else [1.0] * 5
        rows.append([label, 1.0, 1.0] + [0.0] * (5 * i) + mine + [0.0] * (5 * (n - 1 - i)))
        labels.append(label)
    return torch.tensor(rows, dtype=torch.float64), torch.tensor(labels, dtype=torch.float64)
