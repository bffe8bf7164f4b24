# about: 기울기를 출발점에서 한 번만 구한다
# question: q7
# hand: 35% one of three functions is wrong from the second step on; the others stand
# loses: test_q7_train_follows_the_optimizer

# %% q7
def train(opt, task, lr, steps):
    p, state = task["start"].clone(), {}
    leaf = p.clone().requires_grad_()
    (g,) = torch.autograd.grad(task["loss"](leaf), leaf)
    for _ in range(steps):
        p, state = opt(p, g, state, lr=lr)
    return p


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
