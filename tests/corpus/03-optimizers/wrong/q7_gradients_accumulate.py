# about: zero_grad()를 부르지 않아 지난 단계의 기울기가 쌓인다
# question: q7
# hand: 35% one of three functions is wrong from the second step on, of which the hint warns
# loses: test_q7_train_follows_the_optimizer

# %% q7
def train(opt, task, lr, steps):
    p = task["start"].clone().requires_grad_()
    state = {}
    for _ in range(steps):
        task["loss"](p).backward()
        with torch.no_grad():
            new, state = opt(p.detach(), p.grad.clone(), state, lr=lr)
            p.copy_(new)
    return p.detach()


def lr_sweep(opt, lrs, seeds, make_task, steps):
    table = torch.zeros(len(lrs), len(seeds), dtype=torch.float64)
    for i, lr in enumerate(lrs):
        for j, seed in enumerate(seeds):
            task = make_task(seed)
            loss = task["val"](train(opt, task, lr, steps))
            table[i, j] = loss if math.isfinite(loss) else math.inf
    return table


def fair_compare(budget, opts, seeds, make_task, steps):
    result = {}
    for name, (opt, low, high) in opts.items():
        lrs = np.geomspace(low, high, budget).tolist()
        means = lr_sweep(opt, lrs, seeds, make_task, steps).mean(dim=1)
        best = means.argmin().item()
        tests = []
        for seed in seeds:
            task = make_task(seed)
            tests.append(task["test"](train(opt, task, lrs[best], steps)))
        result[name] = {"lr": lrs[best], "val": means[best].item(), "test": float(np.mean(tests))}
    return result
