# about: 표를 NumPy로 모으고, 학습률을 logspace로 만들고, 이름별로 컴프리헨션을 쓴다
# question: q7

# %% q7
def train(opt, task, lr, steps):
    p = torch.clone(task["start"]).detach()
    state = dict()
    for step in range(steps):
        p = p.requires_grad_(True)
        loss = task["loss"](p)
        g = torch.autograd.grad(loss, [p])[0]
        with torch.no_grad():
            p, state = opt(p.detach(), g, state, lr=lr)
    return p.detach()


def lr_sweep(opt, lrs, seeds, make_task, steps):
    table = np.full((len(lrs), len(seeds)), np.inf)
    for (i, lr), (j, seed) in __import__("itertools").product(enumerate(lrs), enumerate(seeds)):
        task = make_task(seed)
        value = task["val"](train(opt, task, float(lr), steps))
        if np.isfinite(value):
            table[i, j] = value
    return torch.from_numpy(table)


def fair_compare(budget, opts, seeds, make_task, steps):
    def one(opt, low, high):
        lrs = torch.logspace(math.log10(low), math.log10(high), budget, dtype=torch.float64).tolist()
        means = lr_sweep(opt, lrs, list(seeds), make_task, steps).mean(1)
        val, best = means.min(0)
        test = [t["test"](train(opt, t, lrs[best], steps)) for t in map(make_task, seeds)]
        return {"lr": lrs[best], "val": float(val), "test": sum(test) / len(test)}

    return {name: one(*setting) for name, setting in opts.items()}
