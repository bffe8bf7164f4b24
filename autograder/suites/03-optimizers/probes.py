# ruff: noqa: F821  (`student` is put into this namespace by the sandbox: the student's own functions)
"""Probes of assignment 03: run inside the sandbox next to the student's code and return plain data.

What a probe needs of this file is sent into the sandbox, where the student's code can read it, so there is no expected
value and no hint in it. Stand-ins replace an earlier question's function when a failed test is run again: an error
carried forward is not punished twice. Where a test can do without any optimizer of the notebook it brings a toy of its
own, whose steps mean nothing in particular.
"""

import torch

STAYS = {
    "train": "opt is a function of the notebook, the task holds functions",
    "lr_sweep": "opt and make_task are functions",
}


def stand_in_sgd(p, g, state, lr=0.01):
    """Return one step of gradient descent."""
    return torch.add(p, g, alpha=-lr), {}


def stand_in_momentum(p, g, state, lr=0.01, beta=0.9):
    """Return one step of the accumulating heavy ball."""
    v = g.clone() if not state else torch.add(g, state["v"], alpha=beta)
    return torch.add(p, v, alpha=-lr), {"v": v}


def stand_in_adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    """Return one step of Adam, both averages corrected."""
    t = state["t"] + 1 if state else 1
    m, v = (state["m"], state["v"]) if state else (torch.zeros_like(g), torch.zeros_like(g))
    m, v = torch.lerp(g, m, betas[0]), torch.lerp(g * g, v, betas[1])
    root = torch.sqrt(v / (1 - betas[1] ** t)) + eps
    return p - lr / (1 - betas[0] ** t) * m / root, {"t": t, "m": m, "v": v}


def stand_in_train(opt, task, lr, steps):
    """Return the parameters after `steps` steps."""
    p, state = task["start"].clone(), {}
    for _ in range(steps):
        leaf = p.detach().clone().requires_grad_()
        (g,) = torch.autograd.grad(task["loss"](leaf), leaf)
        p, state = opt(p, g, state, lr=lr)
    return p


def stand_in_lr_sweep(opt, lrs, seeds, make_task, steps):
    """Return the validation losses, (len(lrs), len(seeds))."""
    table = torch.empty(len(lrs), len(seeds), dtype=torch.float64)
    for row, lr in enumerate(lrs):
        for column, seed in enumerate(seeds):
            task = make_task(seed)
            table[row, column] = float(task["val"](stand_in_train(opt, task, lr, steps)))
    table[~torch.isfinite(table)] = float("inf")
    return table


# -- questions 1 to 4: one probe for each optimizer, so that each needs no other ----------------------------------


def walk_sgd(p, gs, hp, mode="plain"):
    """Return what `_walk` returns for sgd."""
    return _walk(student.sgd, p, gs, hp, mode)


def walk_momentum(p, gs, hp, mode="plain"):
    """Return what `_walk` returns for momentum."""
    return _walk(student.momentum, p, gs, hp, mode)


def walk_rmsprop(p, gs, hp, mode="plain"):
    """Return what `_walk` returns for rmsprop."""
    return _walk(student.rmsprop, p, gs, hp, mode)


def walk_adam(p, gs, hp, mode="plain"):
    """Return what `_walk` returns for adam."""
    return _walk(student.adam, p, gs, hp, mode)


def _walk(step, p, gs, hp, mode):
    """Return the parameters after each gradient, and the first p and the gradients as they are afterwards.

    mode: "plain"; "twice" (every step is taken twice from the same p, g and state, and the second one counts);
        "scribble" (after each step the old p, g and state are overwritten); "beside" (a second parameter, twice as
        large and with gradients of its own, takes its steps in between).
    """
    first, state, path = p, {}, []
    other, state_of_other = torch.cat([p, p]), {}
    for number, g in enumerate(gs):
        kept = p.detach().clone()
        if mode == "twice":
            step(p, g, state, **hp)
        new, after = _pair(step(p, g, state, **hp))
        path.append(new.detach().clone())
        if mode == "scribble":
            for old in (p, g, state):
                _overwrite(old)
        if mode == "beside":
            for _ in range(1 + number % 2):
                other, state_of_other = _pair(step(other, torch.cat([g, -2 * g]), state_of_other, **hp))
        p, state = (new if bool(torch.isfinite(new).all()) else kept), after  # a NaN does not hide what comes after it
    return {"path": path, "p": first, "gs": gs}


def _pair(answer):
    """Return (p, state); one test judges whether a state came back, here a lone p has none."""
    if isinstance(answer, torch.Tensor):
        return answer, {}
    new, state = answer
    return new, {} if state is None else state


def _overwrite(value):
    if isinstance(value, torch.Tensor):
        value.fill_(7)
    elif isinstance(value, dict):
        for item in value.values():
            _overwrite(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _overwrite(item)


# -- question 6 ------------------------------------------------------------------------------------------------------


def steps_with_toy(kappa, options, factor, hp):
    """Call steps_to_tol with a toy that multiplies p by `factor`, and tell what the toy was given.

    Returns: {"answer": ..., "calls": number of calls, "ps", "gs", "states": what the first ten were given, "hp": the
        last call's keyword arguments}. The toy's state is {"calls": so far}.
    """
    seen = {"calls": 0, "ps": [], "gs": [], "states": [], "hp": None}

    def toy(p, g, state, **given):
        if seen["calls"] < 10:
            seen["ps"].append(p.detach().clone())
            seen["gs"].append(g.detach().clone())
            seen["states"].append(dict(state))
        seen["hp"] = given
        seen["calls"] += 1
        return p * factor, {"calls": seen["calls"]}

    answer = student.steps_to_tol(toy, kappa, **options, **hp)
    return {"answer": answer, **seen}


def steps_with_sgd(kappa, options):
    """Return steps_to_tol of the student's sgd."""
    return student.steps_to_tol(student.sgd, kappa, **options)


def steps_with_momentum(kappa, options):
    """Return steps_to_tol of the student's momentum."""
    return student.steps_to_tol(student.momentum, kappa, **options)


# -- question 7 ------------------------------------------------------------------------------------------------------


def train_with_toy(start, target, curvature, lr, steps, times=1):
    """Train with a toy on ``sum(curvature * (p - target)^2) / 2``, `times` times on one task.

    The toy moves by lr * (g + calls so far / 10), and counts in its state. Returns {"ps": the results, "gs": gradients
    it was given in the last run, "at": the parameters they were given with, "start": the task's start afterwards,
    "first": the states of the first calls}.
    """
    log = {"gs": [], "at": [], "first": []}
    task = {
        "start": start,
        "loss": lambda p: 0.5 * (curvature * (p - target) ** 2).sum(),
        "val": lambda p: float(p.sum()),
        "test": lambda p: float(p.sum()),
    }

    def toy(p, g, state, lr):
        n = state.get("n", 0)
        log["gs"].append(g.detach().clone())
        log["at"].append(p.detach().clone())
        return (p - lr * (g + 0.1 * n)).detach(), {"n": n + 1}

    results = []
    for _ in range(times):
        log["gs"], log["at"] = [], []
        results.append(student.train(toy, task, lr, steps).detach().clone())
    return {"ps": results, "gs": log["gs"], "at": log["at"], "start": start}


def sweep_with_toy(lrs, seeds, steps):
    """Run lr_sweep on tasks ``(p - 1)^2 / 2`` that start at 2 + seed, with a toy that moves by lr * g.

    Returns {"table": the answer, "starts": [for each rate the starts the toy saw], "tests": calls of the task's test
        function}.
    """
    log = {"starts": {}, "tests": 0}
    answer = student.lr_sweep(_toy(log["starts"]), lrs, seeds, _tasks(log), steps)
    return {"table": answer, "starts": [_row(found) for found in log["starts"].values()], "tests": log["tests"]}


def compare_with_toys(budget, ranges, seeds, steps, centres):
    """Run fair_compare with one toy for each name in `ranges` ({name: (low, high)}).

    Returns {"answer": ..., "lrs": {name: the rates it was called with}, "starts": {name: [starts it saw]},
        "tests": [the parameter each time the test function was called]}.
    """
    log = {"tests": 0, "seen": []}
    starts = {name: {} for name in ranges}
    opts = {name: (_toy(starts[name]), low, high) for name, (low, high) in ranges.items()}
    answer = student.fair_compare(budget, opts, seeds, _tasks(log, *centres), steps)
    return {
        "answer": answer,
        "lrs": {name: _row(sorted(found)) for name, found in starts.items()},
        "starts": {name: _row([start for row in found.values() for start in row]) for name, found in starts.items()},
        "tests": _row(log["seen"]),
    }


def _row(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def _toy(starts):
    """Return a toy that moves by lr * g and notes, by rate, where each of its runs started."""

    def toy(p, g, state, lr):
        if not state:
            starts.setdefault(float(lr), []).append(float(p.detach().sum()))
        return (p - lr * g).detach(), {"n": state.get("n", 0) + 1}

    return toy


def _tasks(log, val_centre=0.0, test_centre=0.0):
    """Return make_task: one number that starts at 2 + seed, with loss (p - 1)^2 / 2, distances for val and test."""
    log.setdefault("seen", [])

    def make_task(seed):
        def test(p):
            log["tests"] += 1
            log["seen"].append(float(p.detach().sum()))
            return abs(float(p.detach().sum()) - test_centre)

        return {
            "start": torch.tensor([2.0 + float(seed)], dtype=torch.float64),
            "loss": lambda p: 0.5 * ((p - 1.0) ** 2).sum(),
            "val": lambda p: abs(float(p.detach().sum()) - val_centre),
            "test": test,
        }

    return make_task


# -- question 8 ------------------------------------------------------------------------------------------------------


def wilson(n, p, seed, times=1, disturb=0):
    """Return `times` answers of wilson_problem with one generator of this seed.

    With `disturb`, torch's global random state is seeded with it first.
    """
    if disturb:
        torch.manual_seed(disturb)
    gen = torch.Generator().manual_seed(seed)
    return [student.wilson_problem(n, p, gen) for _ in range(times)]


# -- question 9 ------------------------------------------------------------------------------------------------------


def diagnoses(patients):
    """Return what the student's diagnose says of each of the Adams, every one of them newly built."""
    return [student.diagnose(_adam_of(**patient)) for patient in patients]


def _adam_of(form, defaults, power, corrects, inside, turned, apart):
    """Return one Adam, ``opt(p, g, state, lr, betas, eps)``.

    form: "plain" (averages and corrected values as written), "torch" (the corrections drawn out of the fraction) or
        "history" (the state holds the gradients); defaults: of lr, betas and eps; power: of |g| in the second average;
    corrects: what beta^t is multiplied by in the two corrections; inside: how much of eps stands under the root;
    turned: whether the betas change places; apart: whether the state counts the steps, else this function does.
    """
    taken = []

    def opt(p, g, state, lr=defaults["lr"], betas=defaults["betas"], eps=defaults["eps"]):
        one, two = reversed(betas) if turned else betas
        taken.append(None)
        t = state.get("t", 0) + 1 if apart else len(taken)
        square = g.abs() ** power
        if form == "history":
            past = [*state.get("past", []), g.detach().clone()]
            m = sum((1 - one) * one**k * old for k, old in enumerate(reversed(past)))
            v = sum((1 - two) * two**k * old.abs() ** power for k, old in enumerate(reversed(past)))
            after = {"t": t, "past": past}
        else:
            m = one * state.get("m", torch.zeros_like(g)) + (1 - one) * g
            v = two * state.get("v", torch.zeros_like(g)) + (1 - two) * square
            after = {"t": t, "m": m, "v": v}
        c1, c2 = 1 - corrects[0] * one**t, 1 - corrects[1] * two**t
        if form == "torch" and not inside:
            return p - lr / c1 * m / (v.sqrt() / c2**0.5 + eps), after
        root = (v / c2 + inside * eps).sqrt() + (1 - inside) * eps
        return p - lr * (m / c1) / root, after

    return opt


# -- question 10 -----------------------------------------------------------------------------------------------------


def schedule_of_momentum(steps, lr, beta):
    """Return as_momentum's answers for t = 1 to `steps`."""
    return [student.as_momentum(t, lr, beta) for t in range(1, steps + 1)]


def schedule_of_rmsprop(steps, lr, alpha, eps):
    """Return as_rmsprop's answers for t = 1 to `steps`."""
    return [student.as_rmsprop(t, lr, alpha, eps) for t in range(1, steps + 1)]
