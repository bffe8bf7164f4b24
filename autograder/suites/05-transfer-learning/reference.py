"""Trusted reference of assignment 05, in float64: the tiny networks of the hidden tests and what must come out.

Owns every expected value of the suite; it never enters a sandbox. Networks are tables of numbers here, and forward
passes, BatchNorm, gradients of the head and Adam are written out by formula, where the notebook uses torch's modules
and optimizers: a shared slip cannot hide. Refuses: nothing is read from a student, and nothing is random except
through the generator that is passed in.

The network (`probes.py` builds the same one of modules): three blocks ``first`` (convolution 2x2, BatchNorm, ReLU),
``second`` (the same, nested one level deeper) and ``third`` (flattened; linear, BatchNorm, ReLU) give F features,
then dropout, then the linear ``head``. Without ``norm`` there is no BatchNorm and the layers have biases.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

BLOCKS = ("first", "second", "third")
LAYERS = {"first": "features.first.0", "second": "features.second.inner.0", "third": "features.third.0"}
NORMS = {"first": "features.first.1", "second": "features.second.inner.1", "third": "features.third.1"}
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
EPS, MOMENTUM = 1e-5, 0.1  # BatchNorm's defaults in torch

State = dict[str, Tensor]


@dataclass(frozen=True)
class Net:
    """One network as data: `sizes` is (channels in, height, width, channels 1, channels 2, F, C)."""

    sizes: tuple[int, ...]
    norm: bool
    dropout: float
    state: State

    @property
    def plan(self) -> dict[str, Any]:
        """What a probe needs to build it of modules."""
        return {"sizes": list(self.sizes), "norm": self.norm, "dropout": self.dropout, "state": dict(self.state)}

    @property
    def num_features(self) -> int:
        """F."""
        return self.sizes[5]

    @property
    def classes(self) -> int:
        """C."""
        return self.sizes[6]

    def parameters(self, *places: str) -> list[str]:
        """Names of the parameters of these blocks, of ``"head"`` or ``"features"``; of everything if none is given."""
        return [name for name in self._at(places) if name.rsplit(".", 1)[1] not in STATISTICS]

    def statistics(self, *places: str) -> list[str]:
        """Names of the buffers, as `parameters`."""
        return [name for name in self._at(places) if name.rsplit(".", 1)[1] in STATISTICS]

    def _at(self, places: tuple[str, ...]) -> list[str]:
        starts = tuple(f"features.{place}." if place in BLOCKS else f"{place}." for place in places)
        return [name for name in self.state if not places or name.startswith(starts)]


# -- inputs ----------------------------------------------------------------------------------------------------------


def network(rng: np.random.Generator, *, norm: bool = True, dropout: float = 0.0, classes: int | None = None) -> Net:
    """Return a random network, float64; drawn again while a feature is off for most of a batch (ReLU can be)."""
    while True:
        net = _draw(rng, norm, dropout, classes)
        found = features(net, pictures(rng, net, 24))
        if bool(((found > 0).double().mean(0) > 0.2).all()):
            return net


def pictures(rng: np.random.Generator, net: Net, n: int) -> Tensor:
    """Return n random inputs (n, channels, height, width), float64."""
    return _normal(rng, n, *net.sizes[:3])


def task(rng: np.random.Generator, net: Net, n: int) -> tuple[Tensor, Tensor]:
    """Return n inputs whose class shifts them, so that there is something to learn, and their classes (n,) int64."""
    y = torch.from_numpy(rng.permutation(np.arange(n) % net.classes))
    patterns = _normal(rng, net.classes, *net.sizes[:3])
    return pictures(rng, net, n) * 0.5 + patterns[y], y


def _draw(rng: np.random.Generator, norm: bool, dropout: float, classes: int | None) -> Net:
    channels, height, width = int(rng.integers(1, 3)), int(rng.integers(4, 6)), int(rng.integers(4, 6))
    one, two = int(rng.integers(3, 5)), int(rng.integers(2, 4))
    flat = two * (height - 2) * (width - 2)
    out, count = int(rng.integers(5, 8)), classes or int(rng.integers(3, 5))
    shapes = {"first": (one, channels, 2, 2), "second": (two, one, 2, 2), "third": (out, flat)}
    state: State = {}
    for block, shape in shapes.items():
        state[f"{LAYERS[block]}.weight"] = _normal(rng, *shape) * (2 / np.prod(shape[1:])) ** 0.5
        if not norm:
            state[f"{LAYERS[block]}.bias"] = _uniform(rng, 0.1, 0.5, shape[0])
            continue
        at = NORMS[block]
        state[f"{at}.weight"] = _uniform(rng, 0.6, 1.4, shape[0])
        state[f"{at}.bias"] = _uniform(rng, 0.1, 0.6, shape[0])
        state[f"{at}.running_mean"] = _uniform(rng, -0.3, 0.3, shape[0])
        state[f"{at}.running_var"] = _uniform(rng, 0.6, 2.0, shape[0])
        state[f"{at}.num_batches_tracked"] = torch.tensor(int(rng.integers(3, 40)))
    state["head.weight"] = _normal(rng, count, out) * 0.3
    state["head.bias"] = _uniform(rng, -0.2, 0.2, count)
    return Net((channels, height, width, one, two, out, count), norm, dropout, state)


def _normal(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(rng.normal(size=shape))


def _uniform(rng: np.random.Generator, low: float, high: float, size: int) -> Tensor:
    return torch.from_numpy(rng.uniform(low, high, size=size))


# -- what must come out ----------------------------------------------------------------------------------------------


def features(net: Net, x: Tensor, training: bool = False) -> Tensor:
    """Return the features (N, F) without dropout; in training BatchNorm uses the batch and moves `net.state`."""
    h = x
    for block in BLOCKS:
        weight = net.state[f"{LAYERS[block]}.weight"]
        bias = net.state.get(f"{LAYERS[block]}.bias")
        h = _patches(h, weight) if weight.dim() == 4 else h.flatten(1) @ weight.T
        per_channel = (1, -1, 1, 1) if h.dim() == 4 else (1, -1)
        h = h if bias is None else h + bias.view(per_channel)
        if net.norm:
            h = _normalised(net.state, NORMS[block], h, per_channel, training)
        h = (h + h.abs()) / 2
    return h


def logits(net: Net, x: Tensor, training: bool = False) -> Tensor:
    """Return the scores (N, C) without dropout."""
    return features(net, x, training) @ net.state["head.weight"].T + net.state["head.bias"]


def loss_of(scores: Tensor, y: Tensor) -> Tensor:
    """Return the mean cross-entropy."""
    chosen = scores.gather(1, y[:, None])[:, 0]
    return (torch.logsumexp(scores, 1) - chosen).mean()


def head_training(net: Net, x: Tensor, y: Tensor, steps: int, lr: float) -> tuple[list[float], State]:
    """Return the losses before each step, and the state after `steps` of Adam on the head; the features are fixed.

    The gradient is written out: dL/dW = (softmax - onehot)^T f / N.
    """
    found = features(net, x)
    state = {name: tensor.clone() for name, tensor in net.state.items()}
    adam = _Adam(lr)
    losses = []
    for _ in range(steps):
        scores = found @ state["head.weight"].T + state["head.bias"]
        losses.append(float(loss_of(scores, y)))
        error = (torch.softmax(scores, 1) - torch.eye(net.classes, dtype=torch.float64)[y]) / len(y)
        adam.step(state, {"head.weight": error.T @ found, "head.bias": error.sum(0)})
    return losses, state


def fine_tuning(
    net: Net, x: Tensor, y: Tensor, steps: int, lr_backbone: float, lr_head: float
) -> tuple[list[float], State]:
    """Return the losses before each step, and the state after `steps` of Adam on everything, all rows in each."""
    state = {name: tensor.clone() for name, tensor in net.state.items()}
    now = replace(net, state=state)
    backbone, head = _Adam(lr_backbone), _Adam(lr_head)
    losses = []
    for _ in range(steps):
        names = now.parameters()
        for name in names:
            state[name] = state[name].detach().requires_grad_()
        loss = loss_of(logits(now, x, training=True), y)
        losses.append(float(loss.detach()))
        grads = dict(zip(names, torch.autograd.grad(loss, [state[name] for name in names]), strict=True))
        for name in names:
            state[name] = state[name].detach()
        backbone.step(state, {name: g for name, g in grads.items() if not name.startswith("head.")})
        head.step(state, {name: g for name, g in grads.items() if name.startswith("head.")})
    return losses, state


class _Adam:
    """Kingma & Ba 2015, algorithm 1, with its default betas and epsilon."""

    def __init__(self, lr: float) -> None:
        self.lr, self.t = lr, 0
        self.m: State = {}
        self.v: State = {}

    def step(self, state: State, grads: State) -> None:
        self.t += 1
        for name, g in grads.items():
            self.m[name] = 0.9 * self.m.get(name, torch.zeros_like(g)) + 0.1 * g
            self.v[name] = 0.999 * self.v.get(name, torch.zeros_like(g)) + 0.001 * g * g
            m, v = self.m[name] / (1 - 0.9**self.t), self.v[name] / (1 - 0.999**self.t)
            state[name] = state[name] - self.lr * m / (v.sqrt() + 1e-8)


def _patches(h: Tensor, weight: Tensor) -> Tensor:
    """Convolve (N, c, H, W) with (o, c, 2, 2), no padding, as a sum over the 2x2 patches."""
    return torch.einsum("nchwab,ocab->nohw", h.unfold(2, 2, 1).unfold(3, 2, 1), weight)


def _normalised(state: State, at: str, h: Tensor, per_channel: tuple[int, ...], training: bool) -> Tensor:
    axes = [axis for axis in range(h.dim()) if axis != 1]
    mean, var = state[f"{at}.running_mean"], state[f"{at}.running_var"]
    if training:
        count = h.numel() // h.shape[1]
        batch_mean = h.mean(axes)
        batch_var = ((h - batch_mean.view(per_channel)) ** 2).mean(axes)
        unbiased = batch_var.detach() * count / (count - 1)
        state[f"{at}.running_mean"] = (1 - MOMENTUM) * mean + MOMENTUM * batch_mean.detach()
        state[f"{at}.running_var"] = (1 - MOMENTUM) * var + MOMENTUM * unbiased
        state[f"{at}.num_batches_tracked"] = state[f"{at}.num_batches_tracked"] + 1
        mean, var = batch_mean, batch_var
    centred = (h - mean.view(per_channel)) / (var + EPS).sqrt().view(per_channel)
    return centred * state[f"{at}.weight"].view(per_channel) + state[f"{at}.bias"].view(per_channel)


# -- question 7 ------------------------------------------------------------------------------------------------------


def shots(
    rng: np.random.Generator,
    ks: Iterable[int],
    seeds: Iterable[int],
    *,
    dims: int = 6,
    classes: int = 4,
    tests: int = 41,
) -> dict[tuple[int, int], tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Return, for each (k, seed), x_train (k C, dims), y_train, x_test (tests, dims), y_test; labels are random."""
    table = {}
    for k in ks:
        for seed in seeds:
            y = torch.from_numpy(np.tile(np.arange(classes), k))
            y_test = torch.from_numpy(rng.integers(0, classes, size=tests))
            table[k, seed] = (_normal(rng, len(y), dims), y, _normal(rng, tests, dims), y_test)
    return table


def accuracy(x: Tensor, y: Tensor, weight: Tensor) -> float:
    """Return the share of rows whose largest score under ``x @ weight.T`` is that of class y."""
    return float(((x @ weight.T).argmax(1) == y).double().mean())


def changed(before: State, after: State, names: Iterable[str]) -> list[str]:
    """Return those of the names whose tensors differ in any bit."""
    return [name for name in names if not torch.equal(before[name], after[name])]
