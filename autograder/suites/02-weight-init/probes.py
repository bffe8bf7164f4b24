# ruff: noqa: F821  (`student` is put into this namespace by the sandbox: the student's own functions)
"""Probes of assignment 02: run inside the sandbox next to the student's code and return plain data.

What a probe needs of this file is sent into the sandbox, where the student's code can read it, so there is no expected
value and no hint in it. Stand-ins replace an earlier question's function when a failed test is run again: an error
carried forward is not punished twice.
"""

import torch


def stand_in_fans(shape):
    """Return (n_in, n_out); the earlier question's function where the student's own is wrong."""
    shape = tuple(shape)
    if len(shape) < 2:
        raise ValueError(shape)
    kernel = 1
    for size in shape[2:]:
        kernel *= size
    return shape[1] * kernel, shape[0] * kernel


def fans_of_size(shape):
    """Return fans(shape), the shape given as a torch.Size."""
    return student.fans(torch.Size(shape))


def fill(name, shape, options, seed, dtype="float64", parameter=False, more=None):
    """Call an initialiser on a tensor of this shape and return {"raw": what it gave back, "w": the weights}.

    `options` stand between the tensor and the generator, `more` are named arguments. The weights are what the call
    returned, or the tensor that was handed over where the call returned None.
    """
    w = torch.full(tuple(shape), 5.0, dtype=getattr(torch, dtype))
    w = torch.nn.Parameter(w) if parameter else w
    raw = getattr(student, name)(w, *options, torch.Generator().manual_seed(seed), **(more or {}))
    return {"raw": _plain(raw), "w": _plain(w if raw is None else raw)}


def draws(name, shape, options, seed):
    """Return three fillings: two in turn from one generator, and one from a new generator of the same seed.

    torch's global random state is another one for each.
    """
    one = torch.Generator().manual_seed(seed)
    found = []
    for index, source in enumerate((one, one, torch.Generator().manual_seed(seed))):
        torch.manual_seed(1000 + index)
        w = torch.full(tuple(shape), 5.0, dtype=torch.float64)
        raw = getattr(student, name)(w, *options, source)
        found.append(_plain(w if raw is None else raw).clone())
    return found


def many(name, shape, options, seeds):
    """Return one filling for each seed, stacked."""
    return torch.stack([fill(name, shape, options, seed)["w"] for seed in seeds])


def error_of_mode(mode):
    """Return how kaiming_ answers this mode: "ValueError", "other error" or "no error"."""
    try:
        student.kaiming_(torch.zeros(3, 4), mode, torch.Generator().manual_seed(0))
    except ValueError:
        return "ValueError"
    except Exception:
        return "other error"
    return "no error"


def error_of_shape(shape):
    """Return how fans answers this shape: "ValueError", "other error" or "no error"."""
    try:
        student.fans(tuple(shape))
    except ValueError:
        return "ValueError"
    except Exception:
        return "other error"
    return "no error"


def propagate_and_inputs(Ws, x, act):
    """Return propagate(Ws, x, act), called twice, and its inputs afterwards."""
    first = student.propagate(Ws, x, act)
    return first, student.propagate(Ws, x, act), (Ws, x)


def lsuv_and_inputs(Ws, x, act, max_steps):
    """Return lsuv(Ws, x, act, max_steps=max_steps), called twice, and its inputs afterwards."""
    first = [_plain(W).clone() for W in student.lsuv(Ws, x, act, max_steps=max_steps)]
    second = [_plain(W).clone() for W in student.lsuv(Ws, x, act, max_steps=max_steps)]
    return first, second, (Ws, x)


def traced_sweep(names, depths, seed, data, options, disturb=0):
    """Run init_sweep with initialisers that keep a record.

    Returns: {"result": the answer, "calls": {name: [(shape, first number drawn)]} in the order of the calls,
        "data": the data afterwards}. `disturb` moves torch's global random state first.
    """
    torch.manual_seed(disturb)
    calls = {name: [] for name in names}

    def recording(name):
        def init(w, gen):
            calls[name].append((tuple(w.shape), float(torch.rand(1, generator=gen, dtype=torch.float64))))
            with torch.no_grad():
                return w.normal_(0, (2 / w.shape[1]) ** 0.5, generator=gen)

        return init

    result = student.init_sweep({name: recording(name) for name in names}, depths, seed, data, **options)
    return {"result": result, "calls": calls, "data": data}


def sweep_of_given_weights(kind, scale, in_place, depth, data, width):
    """Return init_sweep without training, for weights written down beforehand.

    kind: "identity" (`scale` times the identity in every layer, cut or filled with zeros to its shape) or "absolute"
        (depth 1: the hidden layer is [I; -I], the output layer scale * [I, I]).
    in_place: fill the tensor that is handed over and return it; else return a new tensor and leave the old one.
    """

    def init(w, gen):
        n_out, n_in = w.shape
        if kind == "identity":
            weights = scale * torch.eye(n_out, n_in)
        elif n_out > n_in:
            weights = torch.cat([torch.eye(n_in), -torch.eye(n_in)])
        else:
            weights = scale * torch.cat([torch.eye(n_out), torch.eye(n_out)], dim=1)
        if not in_place:
            return weights
        with torch.no_grad():
            return w.copy_(weights)

    return student.init_sweep({"given": init}, [depth], 0, data, width=width, steps=0)


def sweep_from(Ws, data, options):
    """Return init_sweep with one hidden layer for the given weights, in the order of the calls."""
    given = iter(Ws)

    def init(w, gen):
        with torch.no_grad():
            return w.copy_(next(given))

    return student.init_sweep({"given": init}, [len(Ws) - 1], 0, data, **options)


def optimizer_steps(data, runs):
    """Return how often an optimizer of torch's steps in init_sweep with each of these options."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    counts = []
    for options in runs:
        steps = []
        hook = register_optimizer_step_post_hook(lambda *_, steps=steps: steps.append(1))
        try:
            student.init_sweep({"a": lambda w, gen: torch.full_like(w, 0.1)}, [1], 0, data, **options)
        finally:
            hook.remove()
        counts.append(len(steps))
    return counts


def sweep_left_out_and_stated(data, given, stated):
    """Return init_sweep with the arguments `stated` left out, and with them, from one global random state."""

    def init(w, gen):
        with torch.no_grad():
            return w.normal_(0, (2 / w.shape[1]) ** 0.5, generator=gen)

    results = []
    for more in ({}, stated):
        torch.manual_seed(0)
        results.append(student.init_sweep({"a": init}, [1], 0, data, **{**given, **more}))
    return results


def sweep_of_variances(variances, depth, seed, data, options):
    """Return init_sweep for orthogonal weights whose variance is `variances[name]` / n_in.

    They come from generators of their own, so that how the student seeds `gen` plays no part.
    """

    def orthogonal(variance):
        own = torch.Generator().manual_seed(seed)

        def init(w, gen):
            n_out, n_in = w.shape
            with torch.no_grad():
                torch.nn.init.orthogonal_(w, generator=own)
                return w.mul_((variance * max(1.0, n_out / n_in)) ** 0.5)

        return init

    inits = {name: orthogonal(variance) for name, variance in variances.items()}
    return student.init_sweep(inits, [depth], seed, data, **options)


# -- helpers ---------------------------------------------------------------------------------------------------------


def _plain(value):
    return value.detach() if isinstance(value, torch.Tensor) else value
