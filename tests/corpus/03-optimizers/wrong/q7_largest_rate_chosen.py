# about: 검증 값이 가장 큰 학습률을 고른다
# question: q7
# hand: 35% the choice, the heart of one of three functions, is turned around
# loses: test_q7_comparison_as_a_whole
# loses: test_q7_rate_is_chosen_by_the_validation_loss

# %% q7
def train(opt, task, lr, steps):
    p, state = task["start"].clone(), {}
    for _ in range(steps):
        leaf = p.detach().clone().requires_grad_()
        task["loss"](leaf).backward()
        p, state = opt(p, leaf.grad, state, lr=lr)
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
        best = means.argmax().item()
        tests = []
        for seed in seeds:
            task = make_task(seed)
            tests.append(task["test"](train(opt, task, lrs[best], steps)))
        result[name] = {"lr": lrs[best], "val": means[best].item(), "test": float(np.mean(tests))}
    return result
