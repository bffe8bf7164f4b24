# ruff: noqa: F821  (`student` is put into this namespace by the sandbox: the student's own functions)
"""Probes of assignment 01: run inside the sandbox next to the student's code and return plain data.

What a probe needs of this file is sent into the sandbox, where the student's code can read it, so there is no expected
value and no hint in it. Stand-ins replace an earlier question's function when a failed test is run again: an error
carried forward is not punished twice.
"""

import torch
from torch import nn


def stand_in_act_and_grad(name, z):
    """Return (act(z), act'(z)); the earlier question's function where the student's own is wrong."""
    if name not in ("sigmoid", "tanh", "relu"):
        raise ValueError(name)
    leaf = z.detach().clone().requires_grad_()
    with torch.enable_grad():
        a = getattr(torch, name)(leaf)
        (da,) = torch.autograd.grad(a.sum(), leaf)
    return a.detach(), da


def stand_in_forward(x, Ws, bs, act):
    """Return (zs, hs); the earlier question's function where the student's own is wrong."""
    zs, hs = [], [x]
    for layer, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        zs.append(torch.nn.functional.linear(hs[-1], W, b))
        hs.append(getattr(torch, act)(zs[-1]) if layer < len(Ws) - 1 else zs[-1])
    return zs, hs


def stand_in_backward(zs, hs, Ws, act, y):
    """Return the list of dloss/dz; the earlier question's function where the student's own is wrong."""
    with torch.enable_grad():
        logits = zs[-1].detach().clone().requires_grad_()
        loss = torch.nn.functional.cross_entropy(logits, y)
        deltas = [torch.autograd.grad(loss, logits)[0]]
        for z, W in zip(reversed(zs[:-1]), reversed(Ws[1:]), strict=True):
            leaf = z.detach().clone().requires_grad_()
            step = torch.autograd.grad(getattr(torch, act)(leaf), leaf, deltas[0] @ W)[0]
            deltas.insert(0, step)
    return deltas


def activation_and_input(name, z):
    """Return what act_and_grad gives for `z`, and `z` itself afterwards."""
    return student.act_and_grad(name, z), z


def error_for_name(name, z):
    """Return how act_and_grad answers `name`: "ValueError", "other error" or "no error"."""
    try:
        student.act_and_grad(name, z)
    except ValueError:
        return "ValueError"
    except Exception:
        return "other error"
    return "no error"


def forward_and_inputs(x, Ws, bs, act):
    """Return the results of two calls of forward, and its inputs afterwards."""
    first = student.forward(x, Ws, bs, act)
    second = student.forward(x, Ws, bs, act)
    return first, second, (x, Ws, bs)


def backward_and_inputs(zs, hs, Ws, act, y):
    """Return the results of two calls of backward, and its inputs afterwards."""
    first = [_copy(delta) for delta in student.backward(zs, hs, Ws, act, y)]
    second = student.backward(zs, hs, Ws, act, y)
    return first, second, (zs, hs, Ws, y)


def decay_and_input(norms):
    """Return decay_factor(norms), called twice, and `norms` afterwards."""
    return student.decay_factor(norms), student.decay_factor(norms), norms


def bound_and_inputs(Ws, act):
    """Return jacobian_bound(Ws, act), called twice, and `Ws` afterwards."""
    return student.jacobian_bound(Ws, act), student.jacobian_bound(Ws, act), Ws


def measure_grad_norms(Ws, bs, x, y, act, form="sequential", training=True, grads=False):
    """Build a torch MLP from data, call grad_norms on it, and tell what came back and what the model looks like.

    Args:
        form: "sequential"; "module" (a class of its own, activations called as functions in forward); "nested"
            (blocks inside blocks); "dropout" (Dropout after each activation); "batchnorm" (BatchNorm1d before each
            activation); "inplace" (the activation is nn.ReLU(inplace=True)).
        training: the mode the model is in when it is handed over.
        grads: fill every parameter's .grad with numbers first (else they are None).

    Returns: {"raw": the answer as it is, "delta": numbers or None, "weight": numbers or None,
        "before": state, "after": state}.
    """
    model = _build(Ws, bs, act, form)
    model.train(training)
    if grads:
        for index, parameter in enumerate(model.parameters()):
            parameter.grad = torch.full_like(parameter, float(index + 1))
    before = _state(model, x)
    raw = student.grad_norms(model, x, y)
    after = _state(model, x)
    answer = raw if isinstance(raw, dict) else {}
    return {
        "raw": raw,
        "delta": _numbers(answer.get("delta")),
        "weight": _numbers(answer.get("weight")),
        "before": before,
        "after": after,
    }


def sweep_and_data(act, runs, data, options, disturb=False):
    """Return [depth_sweep(act, depths, seed, data, **options) for depths, seed in runs], and `data` afterwards.

    With `disturb`, torch's global random state is moved on before each run.
    """
    results = []
    for index, (depths, seed) in enumerate(runs):
        if disturb:
            torch.manual_seed(1000 + index)
            torch.rand(index + 1)
        results.append(student.depth_sweep(act, depths, seed, data, **options))
    return results, data


def sweep_left_out_and_stated(act, depth, seed, data, given, stated):
    """Return depth_sweep with the arguments `stated` left out, and with them, from one global random state."""
    results = []
    for options in (given, {**given, **stated}):
        torch.manual_seed(seed)
        results.append(student.depth_sweep(act, [depth], seed, data, **options))
    return results


def optimizer_rates(act, depth, seed, data, runs):
    """Return the learning rate of each step that an optimizer of torch's takes in depth_sweep, for each of the runs."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    found = []
    for options in runs:
        rates = []
        hook = register_optimizer_step_post_hook(
            lambda optimizer, *_, rates=rates: rates.append(float(optimizer.param_groups[0]["lr"]))
        )
        try:
            student.depth_sweep(act, [depth], seed, data, **options)
        finally:
            hook.remove()
        found.append(rates)
    return found


def audits(kinds, depths, seed, data):
    """Return what audit says of one toy sweep of each kind, the data it was given as they are afterwards, and whether
    torch's global seed was set.

    A kind is (name, the depths it is wrong at); see `_toy`.
    """
    answers, afterwards, seeded = [], [], False
    for name, at in kinds:
        torch.manual_seed(4711)
        given = tuple(_copy(part) for part in data)
        answers.append(student.audit(_toy(name, at), list(depths), seed, given))
        afterwards.append(given)
        seeded = seeded or torch.initial_seed() != 4711
    return answers, afterwards, seeded


def _toy(name, at):
    """Return a sweep(depths, seed, data) that trains nothing: it guesses class 0 but for one or two rows.

    Which rows is drawn from seed and depth, how many from their sum, so that another seed always shows. It is wrong in
    the way `name` says, at the depths in `at` only. One guess more or less is what a fault changes: that shows for any
    labels. Names: "fair"; "float32" (fair, counted in float32); "place" (another net where it is
    not first); "together" (another net where it is not alone); "after" (another net after a shallower one); "best"
    (the better of two moments on the test part); "leak" (has seen the test part's labels); "training" (counts on the
    training part); "global" (draws from torch's global generator); "counts" (another answer each time).
    """
    calls = []

    def sweep(depths, seed, data):
        _, y_train, _, y_test = data
        calls.append(1)
        result = {}
        for place, depth in enumerate(depths):
            source = torch.Generator().manual_seed(1000 * int(seed) + int(depth))
            fault = name if depth in at else "float32" if name == "float32" else "fair"
            labels = y_train if fault == "training" else y_test
            guess = torch.zeros(len(labels), dtype=torch.int64)
            guess[torch.randperm(len(labels), generator=source)[: 1 + (int(seed) + int(depth)) % 2]] = 1
            later = place > 0 and depths[place - 1] < depth
            other = guess.clone()
            other[0] = 1 - other[0]
            if (
                (fault == "place" and place > 0)
                or (fault == "together" and len(depths) > 1)
                or (fault == "after" and later)
            ):
                guess = other
            right = int((guess == labels).sum())
            if fault == "best":
                right = max(right, int((other == labels).sum()))
            if fault == "leak":
                right = len(labels) - 1
            accuracy = right / len(labels)
            if fault == "float32":
                accuracy = (guess == labels).float().mean().item()
            if fault == "global":
                accuracy = torch.rand((), dtype=torch.float64).item()  # lint: allow torch.rand
            if fault == "counts":
                accuracy = 1 / (1 + len(calls))
            result[depth] = accuracy
        return result

    return sweep


# -- helpers ---------------------------------------------------------------------------------------------------------


class _Mlp(nn.Module):
    """The same MLP as nn.Sequential's, written as a class: a ModuleList and activations called as functions."""

    def __init__(self, linears, act):
        super().__init__()
        self.first = linears[0]
        self.rest = nn.ModuleList(linears[1:])
        self.act = act

    def forward(self, x):
        h = self.first(x)
        for linear in self.rest:
            h = linear(getattr(torch, self.act)(h))
        return h


def _build(Ws, bs, act, form):
    linears = []
    for W, b in zip(Ws, bs, strict=True):
        linear = nn.Linear(W.shape[1], W.shape[0], dtype=W.dtype)
        with torch.no_grad():
            linear.weight.copy_(W)
            linear.bias.copy_(b)
        linears.append(linear)
    if form == "module":
        return _Mlp(linears, act)
    activation = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[act]
    blocks = []
    for linear in linears[:-1]:
        block = [linear, nn.ReLU(inplace=True) if form == "inplace" else activation()]
        if form == "dropout":
            block.append(nn.Dropout(0.5))
        if form == "batchnorm":
            block.insert(1, nn.BatchNorm1d(linear.out_features, dtype=linear.weight.dtype))
        blocks.append(block)
    blocks.append([linears[-1]])
    if form == "nested":
        return nn.Sequential(nn.Identity(), *[nn.Sequential(*block) for block in blocks])
    return nn.Sequential(*[layer for block in blocks for layer in block])


def _state(model, x):
    modules = list(model.modules())
    parameters = list(model.parameters())
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return {
        "parameters": [_copy(p) for p in parameters],
        "buffers": [_copy(b) for b in model.buffers()],
        "grads": [None if p.grad is None else _copy(p.grad) for p in parameters],
        "requires_grad": [bool(p.requires_grad) for p in parameters],
        "training": [bool(m.training) for m in modules],
        "hooks": sum(len(getattr(m, name)) for m in modules for name in hooks),
        "tensor_hooks": sum(len(p._backward_hooks or ()) for p in parameters),
        "x": _copy(x),
    }


def _copy(value):
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def _numbers(value):
    try:
        return [float(v) for v in value]
    except (TypeError, ValueError, RuntimeError):
        return None
