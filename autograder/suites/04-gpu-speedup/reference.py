"""Trusted reference of assignment 04: expected values and the inputs of the hidden tests.

Owns every expected value of the suite; it never enters a sandbox. Each quantity is computed by another road than the
one the notebook teaches: flops are summed over dot products, the roofline and Amdahl's law are derived from times,
distances come from differences in float64, the training step from autograd on plain tensors, the crossover from
checking every candidate. Refuses: nothing is read from a student, nothing is random except through the generator
that is passed in; no clock is read.

Conventions (the notebook prints the same): a multiplication and an addition are 2 flops; each matrix crosses the
memory bus once; rates are FLOP/s and byte/s, times are seconds, GB = 10**9 bytes.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

# -- questions 1 to 4 ------------------------------------------------------------------------------------------------


def matmul_cost(m: int, k: int, n: int, itemsize: int = 4) -> tuple[int, int]:
    """Return (flops, bytes) of (m, k) @ (k, n): m * n dot products of k multiplications and k additions; every entry
    of the two inputs read once, every entry of the output written once."""
    dots = m * n
    entries = sum(rows * columns for rows, columns in ((m, k), (k, n), (m, n)))
    return dots * k + dots * k, itemsize * entries


def peak_flops(cores: int, clock: float) -> float:
    """Return FLOP/s of `cores` that each finish one fused multiply-add (2 flops) in a cycle of 1 / `clock` seconds."""
    return cores * 2.0 / (1.0 / clock)


def doubling_years(factor: float, years: float) -> float:
    """Return the years t with 2 ** (years / t) == factor; inf for a factor of 1."""
    doublings = math.log2(factor)
    return years / doublings if doublings else math.inf


def ridge_point(peak: float, bandwidth: float) -> float:
    """Return the flops for each byte at which computing takes as long as moving the byte."""
    return (1.0 / bandwidth) / (1.0 / peak)


def roofline(ai: float, peak: float, bandwidth: float) -> float:
    """Return the attainable FLOP/s (Williams, Waterman & Patterson 2009): one flop takes the longer of the time to
    compute it and the time to move its 1 / ai bytes."""
    return 1.0 / max(1.0 / peak, 1.0 / (ai * bandwidth))


def amdahl(p: float, s: float) -> float:
    """Return old time / new time where the share p of the old time becomes s times faster (Amdahl 1967)."""
    accelerated = 0.0 if math.isinf(s) else p / s
    after = math.fsum([1.0, -p, accelerated])
    return 1.0 / after if after else math.inf


# -- question 6 ------------------------------------------------------------------------------------------------------

LOSSES = {"cross_entropy": torch.nn.functional.cross_entropy, "mse_loss": torch.nn.functional.mse_loss}


def output(weights: Sequence[Tensor], inputs: Any) -> Tensor:
    """Return what the probe's model gives: tanh(x W0^T) W1^T, summed over the two entries of nested inputs."""
    first, second = weights
    parts = [inputs["left"], inputs["right"][0]] if isinstance(inputs, dict) else [inputs]
    return sum(torch.tanh(part @ first.T) @ second.T for part in parts)


def gradient_step(weights: Sequence[Tensor], batch: Any, loss: str, lr: float) -> tuple[float, list[Tensor]]:
    """Return the loss before a step of plain gradient descent, and the weights after it."""
    leaves = [W.detach().clone().requires_grad_() for W in weights]
    value = LOSSES[loss](output(leaves, batch[0]), batch[1])
    found = torch.autograd.grad(value, leaves)
    return float(value.detach()), [(W - lr * g).detach() for W, g in zip(leaves, found, strict=True)]


def nested(rng: np.random.Generator) -> Any:
    """Return a container of containers with tensors of several types, numbers, text and None, four levels deep."""
    size = int(rng.integers(2, 5))
    return {
        "x": torch.from_numpy(rng.normal(size=(size, 3))),
        "meta": {"name": "batch", "id": int(rng.integers(100)), "none": None, "scale": float(rng.normal())},
        "views": [
            torch.from_numpy(rng.normal(size=(2, size))).float(),
            (torch.from_numpy(rng.integers(0, 9, size=size)), "label", {"mask": torch.tensor([True, False])}),
        ],
        "empty": [],
        "pair": (torch.from_numpy(rng.normal(size=2)), [torch.from_numpy(rng.normal(size=()))]),
    }


def leaves(obj: Any) -> list[Tensor]:
    """Return the tensors of a container, in its order."""
    if isinstance(obj, Tensor):
        return [obj]
    entries = obj.values() if isinstance(obj, dict) else obj if isinstance(obj, list | tuple) else ()
    return [tensor for entry in entries for tensor in leaves(entry)]


def describe(obj: Any, device: str = "cpu") -> list[Any]:
    """Return what a container on `device` looks like, whose keys are text, in the words of the suite's probes."""
    if isinstance(obj, Tensor):
        return ["tensor", device, str(obj.dtype), list(obj.shape)]
    if isinstance(obj, dict):
        return ["dict", [[key, describe(entry, device)] for key, entry in obj.items()]]
    if isinstance(obj, list | tuple):
        return ["tuple" if isinstance(obj, tuple) else "list", [describe(entry, device) for entry in obj]]
    return ["value", obj]


def problem(rng: np.random.Generator, *, nest: bool, loss: str, batches: int = 1) -> tuple[list[Tensor], list[Any]]:
    """Return two weight matrices (H, D), (C, H) and batches (inputs, targets); all sizes differ."""
    n, d, h, c = (int(size) for size in rng.choice(np.arange(3, 11), size=4, replace=False))
    weights = [torch.from_numpy(rng.normal(size=shape)) for shape in ((h, d), (c, h))]
    made = []
    for _ in range(batches):
        x, other = (torch.from_numpy(rng.normal(size=(n, d))) for _ in range(2))
        inputs = {"left": x, "right": [other]} if nest else x
        labels = rng.integers(0, c, size=n) if loss == "cross_entropy" else rng.normal(size=(n, c))
        made.append((inputs, torch.from_numpy(labels)))
    return weights, made


# -- questions 7 and 8 -----------------------------------------------------------------------------------------------


def pairwise_sq_dists(X: Tensor, Y: Tensor) -> Tensor:
    """Return (N, M) squared Euclidean distances, float64, from the differences themselves."""
    return (X.double()[:, None, :] - Y.double()[None, :, :]).square().sum(2)


def crossover(cpu: Sequence[float], gpu: Sequence[float], transfer: Sequence[float]) -> int | None:
    """Return the least index from which on gpu + transfer < cpu holds everywhere, or None."""
    ahead = [g + t < c for c, g, t in zip(cpu, gpu, transfer, strict=True)]
    candidates = [index for index in range(len(ahead)) if all(ahead[index:])]
    return min(candidates, default=None)


# -- questions 9 and 10 ----------------------------------------------------------------------------------------------

Plan = list[list[Any]]
"""A model as data: [kind, arguments of the layer] for each layer, or ["net", plan]."""

DAY = 86400.0


def model_flops(plan: Plan, shape: Sequence[int]) -> list[int]:
    """Return for each linear or convolutional layer of a plan the flops of one sample: every output's products are
    listed and counted twice, once for the multiplication and once for the addition."""
    return [2 * outputs * products for outputs, products in _work(plan, tuple(shape))[0]]


def _work(plan: Plan, shape: tuple[int, ...]) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
    """Return (outputs, products for each output) of the layers with weights, and the shape that leaves the plan."""
    found: list[tuple[int, int]] = []
    for kind, given in plan:
        if kind == "net":
            inner, shape = _work(given, shape)
            found += inner
        elif kind == "linear":
            shape = (*shape[:-1], given["out_features"])
            found.append((math.prod(shape), given["in_features"]))
        elif kind == "conv":
            seen = given["in_channels"] // given.get("groups", 1)
            shape = (
                given["out_channels"],
                *(len(list(_starts(size, given, axis))) for axis, size in enumerate(shape[1:])),
            )
            found.append((math.prod(shape), seen * math.prod(_pair(given["kernel_size"]))))
        elif kind in ("maxpool", "avgpool"):
            window = {**given, "stride": given.get("stride", given["kernel_size"])}
            shape = (shape[0], *_sizes(shape[1:], window))
        elif kind == "flatten":
            shape = (math.prod(shape),)
    return found, shape


def _sizes(before: Sequence[int], given: dict[str, Any]) -> list[int]:
    """Return along how many places of each axis a window of these arguments lies."""
    return [len(list(_starts(size, given, axis))) for axis, size in enumerate(before)]


def _starts(size: int, given: dict[str, Any], axis: int) -> Iterator[int]:
    """Yield the places along one axis where a window begins and still ends within the padded input."""
    kernel, stride, padding, dilation = (
        _pair(given.get(key, default))[axis]
        for key, default in (("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1))
    )
    begin = -padding
    while begin + dilation * (kernel - 1) < size + padding:
        yield begin
        begin += stride


def _pair(value: int | Sequence[int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def dense_plan(rng: np.random.Generator, depth: int) -> tuple[Plan, tuple[int, ...]]:
    """Return linear layers without bias of different sizes with activations between, and the shape of a sample."""
    sizes = [int(size) for size in rng.choice(np.arange(2, 40), size=depth + 1, replace=False)]
    plan: Plan = []
    for before, after in pairwise(sizes):
        plan += [["linear", {"in_features": before, "out_features": after, "bias": False}], ["tanh", {}]]
    return plan[:-1], (sizes[0],)


def convolutional_plan(rng: np.random.Generator, *, norm: bool = False) -> tuple[Plan, tuple[int, ...]]:
    """Return a net of two convolutions with strides and paddings, a pooling and two linear layers, and its input."""
    shape = (int(rng.integers(1, 4)), int(rng.integers(14, 21)), int(rng.integers(21, 28)))
    first, second, hidden, classes = (int(size) for size in rng.choice(np.arange(3, 13), size=4, replace=False))
    stride, padding = int(rng.integers(2, 4)), int(rng.integers(1, 3))
    plan: Plan = [
        ["conv", {"in_channels": shape[0], "out_channels": first, "kernel_size": 3, "padding": padding}],
        *([["norm", {"num_features": first}], ["dropout", {"p": 0.5}]] if norm else []),
        ["relu", {}],
        [str(rng.choice(["maxpool", "avgpool"])), {"kernel_size": 2}],
        ["conv", {"in_channels": first, "out_channels": second, "kernel_size": 5, "stride": stride, "padding": 2}],
        ["relu", {}],
        ["flatten", {}],
    ]
    flat = math.prod(_work(plan, shape)[1])
    plan += [["linear", {"in_features": flat, "out_features": hidden}], ["relu", {}]]
    return [*plan, ["linear", {"in_features": hidden, "out_features": classes}]], shape


def grouped_plan(rng: np.random.Generator, groups: int | None) -> tuple[Plan, tuple[int, ...]]:
    """Return one convolution that keeps height and width, with these groups; one for each channel if None."""
    each = int(rng.integers(2, 5))
    channels = each * groups if groups else int(rng.integers(4, 9))
    groups = groups or channels
    kernel = int(rng.choice([3, 5]))
    given = {"in_channels": channels, "out_channels": groups * int(rng.integers(2, 4)), "groups": groups, "bias": False}
    shape = (channels, int(rng.integers(5, 9)), int(rng.integers(9, 13)))
    return [["conv", {**given, "kernel_size": kernel, "padding": kernel // 2}]], shape


def oblong_plan(rng: np.random.Generator) -> tuple[Plan, tuple[int, ...]]:
    """Return one convolution whose kernel, stride, padding and dilation differ between height and width."""

    def two(low: int, high: int) -> list[int]:
        return [int(size) for size in rng.choice(np.arange(low, high), size=2, replace=False)]

    channels, out = two(1, 6)
    given = {"kernel_size": two(2, 5), "stride": two(1, 4), "padding": two(0, 3), "dilation": two(1, 3)}
    shape = (channels, int(rng.integers(12, 17)), int(rng.integers(17, 22)))
    return [["conv", {"in_channels": channels, "out_channels": out, "bias": False, **given}]], shape


def step(layers: Sequence[float]) -> float:
    """Return the flops of forward and backward of one sample (Rumelhart, Hinton & Williams 1986): each layer multiplies
    once forward, once for its weights' gradient, and once for its input's, which the first layer does not need."""
    return math.fsum([*layers, *layers, *layers[1:]])


def training_chain(
    layers: Sequence[float],
    samples: int,
    epochs: int,
    days: float,
    peak: float,
    today: float,
    share: float | None = None,
) -> dict[str, float]:
    """Return the stages from one sample's step to days on another machine, which reaches `share` of its peak, or the
    same share as the first one if None; units: FLOP, FLOP, FLOP/s, 1, days."""
    whole = math.fsum([step(layers)] * epochs) * samples
    used = whole / (days * 24 * 3600 * peak)
    seconds = whole / today / (used if share is None else share)
    return {"step": step(layers), "total": whole, "rate": used * peak, "share": used, "days": seconds / DAY}


def training_story(rng: np.random.Generator, depth: int = 0) -> tuple[list[float], int, int, float, float, float]:
    """Return layers, samples, epochs, days, peak and today of a training.

    It used 0.5 to 3.5 per cent of its machine, so that hours taken for days stay below the peak.
    """
    depth = depth or int(rng.integers(2, 7))
    layers = [float(round(flops)) for flops in 10 ** rng.uniform(4, 9, size=depth)]
    samples, epochs = int(rng.integers(1_000, 1_500_000)), int(rng.integers(5, 120))
    days, used = float(rng.uniform(0.5, 9.0)), float(rng.uniform(0.005, 0.035))
    peak = step(layers) * samples * epochs / (days * DAY * used)
    return layers, samples, epochs, days, peak, peak * float(10 ** rng.uniform(0.3, 3.0))
