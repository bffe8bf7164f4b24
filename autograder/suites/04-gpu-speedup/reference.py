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
from collections.abc import Sequence
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


def describe(obj: Any) -> list[Any]:
    """Return what a container on the CPU looks like, whose keys are text, in the words of the suite's probes."""
    if isinstance(obj, Tensor):
        return ["tensor", "cpu", str(obj.dtype), list(obj.shape)]
    if isinstance(obj, dict):
        return ["dict", [[key, describe(entry)] for key, entry in obj.items()]]
    if isinstance(obj, list | tuple):
        return ["tuple" if isinstance(obj, tuple) else "list", [describe(entry) for entry in obj]]
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
