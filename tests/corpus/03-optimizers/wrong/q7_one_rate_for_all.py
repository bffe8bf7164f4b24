# about: 첫 옵티마이저에서 고른 학습률을 모두에게 쓴다
# question: q7
# hand: 35% only the first optimizer has its rate chosen
# loses: test_q7_comparison_as_a_whole
# loses: test_q7_every_optimizer_gets_the_same_number_of_trials
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
    result, best = {}, None
    for name, (opt, low, high) in opts.items():
        lrs = np.geomspace(low, high, budget).tolist()
        table = lr_sweep(opt, lrs, seeds, make_task, steps)
        if best is None:
            best = lrs[table.mean(dim=1).argmin()]
        tests = []
        for seed in seeds:
            task = make_task(seed)
            tests.append(task["test"](train(opt, task, best, steps)))
        val = lr_sweep(opt, [best], seeds, make_task, steps).mean().item()
        result[name] = {"lr": best, "val": val, "test": float(np.mean(tests))}
    return result
