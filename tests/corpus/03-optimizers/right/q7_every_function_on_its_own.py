# about: 세 함수가 서로를 부르지 않고 저마다 학습하며, backward와 zero_grad를 쓴다
# question: q7

# %% q7
def train(opt, task, lr, steps):
    w = nn.Parameter(task["start"].clone())
    memory = {}
    for _ in range(steps):
        w.grad = None
        task["loss"](w).backward()
        new, memory = opt(w.detach().clone(), w.grad.clone(), memory, lr=lr)
        w.data = new
    return w.data


def _run(opt, task, lr, steps):
    w, memory = task["start"].detach().clone(), {}
    while steps > 0:
        leaf = w.clone().requires_grad_()
        task["loss"](leaf).backward()
        w, memory = opt(w, leaf.grad, memory, lr=lr)
        steps -= 1
    return w


def lr_sweep(opt, lrs, seeds, make_task, steps):
    rows = []
    for lr in lrs:
        row = []
        for seed in seeds:
            task = make_task(seed)
            value = float(task["val"](_run(opt, task, lr, steps)))
            row.append(math.inf if math.isnan(value) else value)
        rows.append(row)
    return torch.tensor(rows).double() if not rows else torch.tensor(rows, dtype=torch.double)


def fair_compare(budget, opts, seeds, make_task, steps):
    answer = {}
    for name in opts:
        opt, low, high = opts[name]
        best_lr, best_val, best_ps = None, math.inf, None
        for i in range(budget):
            lr = low * (high / low) ** (i / (budget - 1))
            tasks = [make_task(s) for s in seeds]
            ps = [_run(opt, task, lr, steps) for task in tasks]
            vals = [task["val"](p) for task, p in zip(tasks, ps)]
            val = sum(vals) / len(vals)
            if best_lr is None or val < best_val:
                best_lr, best_val, best_ps = lr, val, ps
        test = np.mean([make_task(s)["test"](p) for s, p in zip(seeds, best_ps)])
        answer[name] = {"lr": best_lr, "val": best_val, "test": float(test)}
    return answer
