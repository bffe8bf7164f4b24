# ruff: noqa: F821  (`student` is put into this namespace by the sandbox: the student's own functions)
"""Probes of assignment 04: run inside the sandbox next to the student's code and return plain data.

What a probe needs of this file is sent into the sandbox, where the student's code can read it, so there is no expected
value and no hint in it. No probe for a test with points reads a clock: time is a number that a made-up machine keeps.
Stand-ins replace an earlier question's function when a failed test is run again: an error carried forward is not
punished twice.
"""

import statistics
import sys
import time

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

STAYS = {
    "benchmark": "fn, sync and timer are functions",
    "to_device": "a device is no plain data, and the tensors have to stay on it",
}

CLOCKS = ("perf_counter", "time", "monotonic", "process_time", "thread_time")


def stand_in_ridge_point(peak, bandwidth):
    """Return FLOP/byte; the earlier function where the student's own is wrong."""
    return float(peak) * bandwidth**-1.0


def stand_in_benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    """Return the times of `fn`; the earlier question's function where the student's own is wrong."""
    wait = sync or (lambda: None)
    for _ in range(warmup):
        fn()

    def once():
        wait()
        start = timer()
        fn()
        wait()
        return timer() - start

    times = [once() for _ in range(repeats)]
    summary = {name: getattr(statistics, name)(times) for name in ("median", "mean")}
    return {"times": times, **summary, "min": min(times), "max": max(times)}


def stand_in_to_device(obj, device):
    """Return `obj` with its tensors on `device`; the earlier function where the student's own is wrong."""
    match obj:
        case torch.Tensor():
            return obj.to(device)
        case dict():
            return dict(zip(obj, stand_in_to_device(list(obj.values()), device), strict=True))
        case list() | tuple():
            return type(obj)([stand_in_to_device(entry, device) for entry in obj])
    return obj


# -- questions 3 and 5 -----------------------------------------------------------------------------------------------


def roofline_and_input(ai, peak, bandwidth):
    """Return roofline(ai, ...) and `ai` itself afterwards."""
    return student.roofline(ai, peak, bandwidth), ai


def benchmark_log(costs, warmup, launch=0.0, waiting=0.0, asynchronous=True, waits=True):
    """Call benchmark on a made-up machine and tell what it did.

    The machine is asynchronous: `fn` only launches work (the clock advances by `launch`), `sync` lets the clock advance
    by all the work still queued. With `asynchronous` False, `fn` itself takes its cost and nothing is ever queued.

    Args:
        costs: seconds of work of each call of `fn`, the warm-up calls first; the last one holds for any further call.
        warmup: number of warm-up calls; the repeats are the rest of `costs`.
        launch: seconds that launching takes.
        waiting: seconds of work that is queued before benchmark is called.
        waits: hand over `sync`; else None stands in its place.

    Returns: {"numbers": the answer's entries as floats; "log": what was called in order, "fn", "sync" or "timer";
        "others": how many readings were of a clock other than `timer`}.
    """
    log, others = [], []
    state = {"now": 0.5, "queued": waiting, "calls": 0}

    def fn():
        log.append("fn")
        cost = costs[min(state["calls"], len(costs) - 1)]
        state["calls"] += 1
        state["now"] += launch if asynchronous else cost
        state["queued"] += cost if asynchronous else 0.0

    def sync():
        log.append("sync")
        state["now"] += state["queued"]
        state["queued"] = 0.0

    def timer():
        log.append("timer")
        return state["now"]

    def other():
        others.append(1)
        return timer()

    real = {name: getattr(time, name) for name in (*CLOCKS, *(f"{clock}_ns" for clock in CLOCKS))}
    try:
        for name in real:
            setattr(time, name, (lambda: round(other() * 1e9)) if name.endswith("_ns") else other)
        answer = student.benchmark(
            fn, warmup=warmup, repeats=len(costs) - warmup, sync=sync if waits else None, timer=timer
        )
    finally:
        for name, clock in real.items():
            setattr(time, name, clock)
    return {"numbers": _numbers(answer), "log": log, "others": len(others)}


def benchmark_defaults():
    """Call benchmark(fn) with every default, and with the statement's warmup and repeats written out.

    Returns: {"calls", "stated": calls of `fn` by either; "numbers": the entries of the first answer as floats}.
    """
    calls = []

    def fn():
        calls.append(sum(range(2000)))

    answer = student.benchmark(fn)
    first = len(calls)
    student.benchmark(fn, warmup=3, repeats=10)
    return {"calls": first, "stated": len(calls) - first, "numbers": _numbers(answer)}


def _numbers(answer):
    """Return the entries of a dict as floats and lists of floats; None for what is neither."""
    found = {}
    for key in ("median", "mean", "min", "max", "times"):
        try:
            value = answer[key]
            found[key] = [float(v) for v in value] if key == "times" else float(value)
        except (TypeError, ValueError, KeyError, IndexError, RuntimeError):
            found[key] = None
    return found


# -- question 6 ------------------------------------------------------------------------------------------------------


def moved(obj, device):
    """Return what to_device(obj, device) looks like, and what `obj` looks like afterwards."""
    result = student.to_device(obj, device)
    return {"result": _describe(result), "after": _describe(obj)}


def there_and_back(obj, device):
    """Return the device types of the tensors of to_device(obj, device), and the container moved back to the CPU."""
    there = student.to_device(obj, device)
    return _describe(there), student.to_device(there, "cpu")


def train_steps(weights, batches, loss, lr, device="cpu", filled=False):
    """Train the model with the given weights by train_step, one step for each batch, with plain SGD.

    With `filled` every .grad holds numbers before the first step. The model stands on `device`, the batches on the CPU.

    Returns: {"losses": as they came back, "attached": whether each requires a gradient, "weights": the weights after
        each step}.
    """
    model = _Model(weights).to(device)
    if filled:
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses, after, attached = [], [], []
    for batch in batches:
        value = student.train_step(model, batch, getattr(nn.functional, loss), optimizer, device)
        tensor = isinstance(value, torch.Tensor)
        attached.append(tensor and bool(value.requires_grad))
        losses.append(value.detach().cpu() if tensor else value)
        after.append([p.detach().cpu().clone() for p in model.parameters()])
    return {"losses": losses, "attached": attached, "weights": after}


def devices_of_a_step(weights, batch, loss, device):
    """Run train_step with the model on `device` and the batch on the CPU, and look at every operation.

    Returns: {"mixed": names of operations whose tensors (0-d ones aside) stand on several devices, copies between
        devices not counted; "there": how many operations had a tensor on `device`; "steps": how often the optimizer
        stepped; "error": the type of the exception that came out, or ""}.
    """
    model = _Model(weights).to(device)
    optimizer = _CountingSGD(model.parameters(), lr=0.1)
    watch, error = _Devices(torch.device(device).type), ""
    try:
        with watch:
            student.train_step(model, batch, getattr(nn.functional, loss), optimizer, device)
    except Exception as caught:
        error = type(caught).__name__
    return {"mixed": watch.mixed, "there": watch.there, "steps": optimizer.steps, "error": error}


class _Model(nn.Module):
    """tanh(x W0^T) W1^T of one tensor, or summed over the two of {"left": x, "right": [y]}."""

    def __init__(self, weights):
        super().__init__()
        self.first, self.second = (nn.Parameter(W.detach().clone()) for W in weights)

    def forward(self, inputs):
        parts = [inputs["left"], inputs["right"][0]] if isinstance(inputs, dict) else [inputs]
        return sum(torch.tanh(part @ self.first.T) @ self.second.T for part in parts)


class _CountingSGD(torch.optim.SGD):
    steps = 0

    def step(self, closure=None):
        self.steps += 1
        return super().step(closure)


class _Devices(TorchDispatchMode):
    """Sees every operation of torch, in the forward and the backward pass."""

    def __init__(self, device):
        super().__init__()
        self.device = device
        self.mixed, self.there = [], 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func.overloadpacket.__name__
        if name not in ("_to_copy", "copy_"):
            tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
            devices = {tensor.device.type for tensor in tensors if tensor.dim()}
            if len(devices) > 1:
                self.mixed.append(name)
            self.there += self.device in devices
        return func(*args, **kwargs)


def _describe(value):
    """Return what a container looks like, as lists: kinds, keys, and of tensors the device, type and shape."""
    if isinstance(value, torch.Tensor):
        return ["tensor", value.device.type, str(value.dtype), list(value.shape)]
    if isinstance(value, dict):
        return ["dict", [[str(key), _describe(entry)] for key, entry in value.items()]]
    if isinstance(value, list | tuple):
        return ["tuple" if isinstance(value, tuple) else "list", [_describe(entry) for entry in value]]
    if value is None or isinstance(value, bool | int | float | str):
        return ["value", value]
    return ["other", type(value).__name__]


# -- question 7 ------------------------------------------------------------------------------------------------------


def dists_and_inputs(X, Y):
    """Return pairwise_sq_dists(X, Y), and X and Y afterwards."""
    return student.pairwise_sq_dists(X, Y), X, Y


def work_of_dists(pairs):
    """Return for each (X, Y) the number of operations of torch, and of instructions of Python, of pairwise_sq_dists."""
    student.pairwise_sq_dists(*pairs[0])  # what is only done once is not counted
    found = []
    for X, Y in pairs:
        counter = _Counter()
        with counter:
            student.pairwise_sq_dists(X, Y)
        found.append([counter.count, _instructions(lambda X=X, Y=Y: student.pairwise_sq_dists(X, Y))])
    return found


class _Counter(TorchDispatchMode):
    """Counts operations of torch."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += 1
        return func(*args, **(kwargs or {}))


def _instructions(call):
    """Return how many instructions of Python `call` runs: a loop that torch does not see is seen here."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


# -- question 8 ------------------------------------------------------------------------------------------------------


def crossover_and_inputs(cpu, gpu, transfer):
    """Return crossover(cpu, gpu, transfer), called twice, and the three lists afterwards."""
    first = student.crossover(cpu, gpu, transfer)
    return first, student.crossover(cpu, gpu, transfer), [cpu, gpu, transfer]


# -- question 9 ------------------------------------------------------------------------------------------------------

LAYERS = {
    "linear": nn.Linear,
    "conv": nn.Conv2d,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "flatten": nn.Flatten,
    "maxpool": nn.MaxPool2d,
    "avgpool": nn.AvgPool2d,
    "norm": nn.BatchNorm2d,
    "dropout": nn.Dropout,
}


def flops_of(plan, shape, device="cpu"):
    """Return model_flops of the planned model, which stands on `device`."""
    return student.model_flops(_planned(plan).to(device), tuple(shape))


def model_after_flops(plan, shape, double, training):
    """Return model_flops of the planned model, float64 if `double`, and whether the model is as it was before.

    Returns: {"flops": the answer; "same": whether parameters, buffers, gradients, hooks and modes stayed}.
    """
    model = _planned(plan).train(training)
    if double:
        model = model.double()
    before = _condition(model)
    answer = student.model_flops(model, tuple(shape))
    after = _condition(model)
    tensors = all(torch.equal(a, b) for a, b in zip(before[0], after[0], strict=True))
    return {"flops": answer, "same": tensors and before[1:] == after[1:]}


def _planned(plan):
    """Return the nn.Sequential of a plan: a list of [kind, arguments], or ["net", plan]."""
    layers = []
    for kind, given in plan:
        if kind == "net":
            layers.append(_planned(given))
        else:
            known = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
            layers.append(LAYERS[kind](**known))
    return nn.Sequential(*layers)


def _condition(model):
    tensors = [value.detach().clone() for value in model.state_dict().values()]
    places = [(str(value.device), str(value.dtype)) for value in model.state_dict().values()]
    modules = list(model.modules())
    hooks = [(len(m._forward_hooks), len(m._forward_pre_hooks), m.training) for m in modules]
    wanted = [(parameter.requires_grad, parameter.grad is None) for parameter in model.parameters()]
    return tensors, places, hooks, wanted


# -- badges: on a real device ----------------------------------------------------------------------------------------


def measured(device, size, repeats):
    """Return the median seconds of a matrix product on `device` as benchmark gives it, and as the device itself does.

    On a GPU the second is taken by its own events, elsewhere by the computer's clock.
    """
    a = torch.randn(size, size, device=device)
    answer = student.benchmark(lambda: a @ a, warmup=3, repeats=repeats, sync=_wait_for(device))
    return {"own": _numbers(answer)["median"], "device": a.device.type, "trusted": _trusted(lambda: a @ a, a, repeats)}


def measured_crossover(device, sizes):
    """Return the measured seconds of a product on the CPU, on `device`, and of the way there and back; and crossover.

    The times are taken by the student's benchmark.
    """
    wait = _wait_for(device)
    cpu, gpu, transfer = [], [], []
    for size in sizes:
        x = torch.randn(size, size)
        y = x.to(device)
        cpu.append(_median(lambda x=x: x @ x, None))
        gpu.append(_median(lambda y=y: y @ y, wait))
        transfer.append(_median(lambda x=x, y=y: (x.to(device, copy=True), y.to("cpu", copy=True)), wait))
    return {"cpu": cpu, "gpu": gpu, "transfer": transfer, "index": student.crossover(cpu, gpu, transfer)}


def dists_on(device, X, Y):
    """Return the device type of pairwise_sq_dists on `device`, and the result on the CPU."""
    result = student.pairwise_sq_dists(X.to(device), Y.to(device))
    return result.device.type, result.detach().cpu()


def _median(fn, sync):
    return float(student.benchmark(fn, warmup=2, repeats=5, sync=sync)["median"])


def _wait_for(device):
    return torch.cuda.synchronize if torch.device(device).type == "cuda" else None


def _trusted(fn, tensor, repeats):
    times = []
    for _ in range(repeats):
        if tensor.is_cuda:
            events = [torch.cuda.Event(enable_timing=True) for _ in range(2)]
            events[0].record()
            fn()
            events[1].record()
            events[1].synchronize()
            times.append(events[0].elapsed_time(events[1]) / 1e3)
        else:
            start = time.perf_counter()
            fn()
            times.append(time.perf_counter() - start)
    return statistics.median(times)
