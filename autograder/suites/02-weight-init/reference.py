"""Trusted reference of assignment 02: expected values and the inputs of the hidden tests.

Owns every expected value of the suite; it never enters a sandbox. Where there is a choice, a quantity is computed by
another road than the one the notebook teaches: fans by dividing the number of entries, the prediction in closed form
instead of by recursion (where there is one; else by Gauss-Hermite quadrature), LSUV by one number a layer instead of
by weights. Refuses: nothing is read from a student, nothing is random except through the generator that is passed in.

Conventions (the notebook prints the same): weights are (n_out, n_in, *kernel); ``z[l] = h[l] @ Ws[l].T`` without a
bias, ``h[0] = x``, ``h[l+1] = act(z[l])``; the signal of layer l is the standard deviation of all entries of ``z[l]``.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

ACTIVATIONS = ("linear", "relu", "tanh")
"""Those that question 5 names."""

Data = tuple[Tensor, Tensor, Tensor, Tensor]


# -- questions 1 to 7 ------------------------------------------------------------------------------------------------


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return (n_in, n_out): the number of entries divided by the number of outputs, and by the number of inputs."""
    entries = math.prod(shape)
    return entries // shape[0], entries // shape[1]


def xavier_std(shape: Sequence[int], gain: float = 1.0) -> float:
    """Return gain * sqrt(2 / (n_in + n_out)) (Glorot & Bengio 2010, equation 12, with a gain)."""
    return gain * math.sqrt(2.0 / sum(fans(shape)))


def he_std(shape: Sequence[int], *, mode: str = "fan_in", slope: float = 0.0) -> float:
    """Return sqrt(2 / ((1 + slope^2) n)), n by `mode` n_in or n_out (He et al. 2015, equations 14 and 15)."""
    return math.sqrt(2.0 / ((1.0 + slope**2) * fans(shape)[mode == "fan_out"]))


def activation(name: str, z: Tensor) -> Tensor:
    """Return act(z): "linear" (z itself), "relu" = (z + |z|) / 2, "tanh" = 2 sigmoid(2z) - 1, "silu" = z sigmoid(z)."""
    return {
        "linear": z,
        "relu": (z + z.abs()) / 2,
        "tanh": 2 * torch.sigmoid(2 * z) - 1,
        "silu": z / (1 + torch.exp(-z)),
    }[name]


def signals(Ws: Sequence[Tensor], x: Tensor, act: str) -> list[Tensor]:
    """Return the input of every layer: ``h[0] = x``, ``h[l+1] = act(h[l] @ Ws[l].T)``, without the last output."""
    hs = [x]
    for W in Ws[:-1]:
        hs.append(activation(act, torch.einsum("ni,oi->no", hs[-1], W)))
    return hs


def outputs(Ws: Sequence[Tensor], x: Tensor, act: str) -> list[Tensor]:
    """Return ``z[l]`` of every layer."""
    return [torch.einsum("ni,oi->no", h, W) for W, h in zip(Ws, signals(Ws, x, act), strict=True)]


def standard_deviations(z: Tensor) -> tuple[float, float]:
    """Return the standard deviation of all entries of `z`, divided by their number and by one less."""
    values = z.to(torch.float64).numpy().ravel()
    return float(values.std()), float(values.std(ddof=1))


def predicted_std(act: str, layers: int, scheme: str, own: float | None = None) -> Tensor:
    """Return the standard deviation of ``z[l]`` for l = 0 .. layers - 1 in wide square layers, float64.

    c = n Var[w] is 1 for Xavier in square layers, 2 for He, 1/3 for torch's default (kaiming_uniform with a = sqrt 5:
    a bound of 1/sqrt(n), so a variance of 1/(3n)). Linear and ReLU: sqrt(c) * (c k)^(l/2), k = 1 and 1/2. The others
    by the length map of wide networks, q' = c E[act(sqrt(q) u)^2] with u ~ N(0, 1) (Poole et al. 2016, equation 3),
    from q = c. With `own`, that is c.
    """
    c = {"xavier": 1.0, "he": 2.0, "default": 1.0 / 3.0}[scheme] if own is None else own
    if act in ("linear", "relu"):
        k = {"linear": 1.0, "relu": 0.5}[act]
        return torch.tensor([math.sqrt(c) * (c * k) ** (layer / 2) for layer in range(layers)], dtype=torch.float64)
    nodes, weights = (torch.from_numpy(values) for values in np.polynomial.hermite_e.hermegauss(80))
    moments = [c]
    for _ in range(layers - 1):
        squares = activation(act, math.sqrt(moments[-1]) * nodes).square()
        moments.append(c * float(weights @ squares) / math.sqrt(2 * math.pi))
    return torch.tensor(moments, dtype=torch.float64).sqrt()


def lsuv_factors(
    Ws: Sequence[Tensor], x: Tensor, act: str, *, tol: float = 0.01, max_steps: int = 10, less: int = 0
) -> list[float]:
    """Return the number by which LSUV multiplies each layer's weights (Mishkin & Matas 2016, algorithm 1).

    A layer's output is act(z). In the order of the layers: while its variance on `x`, whose inputs come from the layers
    already scaled, is more than `tol` away from 1 and fewer than `max_steps` divisions were made, divide the weights
    by its standard deviation.

    Args:
        Ws: L matrices (n_out, n_in).
        x: (N, n_in of the first).
        act: name of the activation.
        tol: tolerance of the variance.
        max_steps: most divisions of one layer.
        less: 0 or 1, what is taken from the number of entries in the variance's denominator.
    """
    factors, h = [], x
    for W in Ws:
        z, factor, steps = torch.einsum("ni,oi->no", h, W), 1.0, 0
        while steps < max_steps:
            variance = float(activation(act, factor * z).numpy().var(ddof=less))
            if abs(variance - 1) <= tol:
                break
            factor, steps = factor / math.sqrt(variance), steps + 1
        factors.append(factor)
        h = activation(act, factor * z)
    return factors


# -- inputs ----------------------------------------------------------------------------------------------------------


def large_linear(rng: np.random.Generator) -> tuple[int, int]:
    """Return a rectangular shape (n_out, n_in) of at least 65,000 entries; one side is 2.1 to 2.7 times the other."""
    low, high = int(rng.integers(168, 180)), int(rng.integers(390, 440))
    return (low, high) if rng.integers(2) else (high, low)


def conv_and_linear(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, int]]:
    """Return the shape of a convolution of at least 65,000 entries and that of a linear layer with the same fans."""
    n_out, n_in = int(rng.integers(150, 160)), int(rng.integers(210, 230))
    if rng.integers(2):
        n_out, n_in = n_in, n_out
    kernel = (1, 3) if rng.integers(2) else (3, 1)
    return (n_out, n_in, *kernel), (3 * n_out, 3 * n_in)


def network(
    rng: np.random.Generator, layers: int, *, scale: float = 1.5, square: bool = False
) -> tuple[list[Tensor], Tensor]:
    """Return `layers` matrices and a batch, float64, all sizes different, so that no shape fits by luck.

    With `square` all layers are as wide as each other.
    """
    sizes = [int(n) for n in rng.choice(np.arange(4, layers + 14), size=layers + 2, replace=False)]
    batch, widths = sizes[0], sizes[1:2] * (layers + 1) if square else sizes[1:]
    Ws = [
        torch.from_numpy(rng.normal(size=(n_out, n_in)) * scale / math.sqrt(n_in))
        for n_in, n_out in itertools.pairwise(widths)
    ]
    return Ws, torch.from_numpy(rng.normal(size=(batch, widths[0])))


def lopsided_layer(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Return a matrix and a batch whose z has a mean as large as its spread, and rows and columns that differ much."""
    batch, n_in, n_out = (int(n) for n in rng.choice(np.arange(6, 15), size=3, replace=False))
    x = torch.from_numpy(rng.uniform(0.5, 1.5, size=(batch, n_in)) * rng.uniform(0.5, 2.0, size=(batch, 1)))
    W = torch.from_numpy(rng.uniform(0.2, 1.0, size=(n_out, n_in)) * rng.uniform(0.3, 2.0, size=(n_out, 1)))
    return W, x


def unscaled(rng: np.random.Generator, layers: int, act: str) -> tuple[list[Tensor], Tensor]:
    """Return a network for LSUV and a batch of 30 to 40 rows.

    Its layers have orthonormal rows or columns, times 0.3 to 3. Drawn again until no decision to stop is near, no layer
    fits already, and, with silu, tolerances of 0.1 and of 0.02 (0.01 of the standard deviation) come out otherwise than
    0.01 (tanh reaches none).
    """
    while True:
        sizes = [int(n) for n in rng.choice(np.arange(8, 8 + 2 * layers), size=layers + 1, replace=False)]
        Ws = []
        for n_in, n_out in itertools.pairwise(sizes):
            u, _, v = np.linalg.svd(rng.normal(size=(n_out, n_in)), full_matrices=False)
            Ws.append(torch.from_numpy(u @ v * math.exp(rng.uniform(math.log(0.3), math.log(3.0)))))
        x = torch.from_numpy(rng.normal(size=(int(rng.integers(30, 41)), sizes[0])))
        factors = [lsuv_factors(Ws, x, act, tol=tol) for tol in (0.0098, 0.01, 0.0102, 0.0199, 0.0201, 0.1)]
        first = [lsuv_factors([W], h, act, tol=0.2)[0] for W, h in zip(Ws, _fitted_inputs(Ws, x, act), strict=True)]
        clear = factors[0] == factors[1] == factors[2] and 1.0 not in first
        if clear and (act != "silu" or factors[1] not in factors[3:]):
            return Ws, x


def single(rng: np.random.Generator, low: float, high: float) -> tuple[list[Tensor], Tensor]:
    """Return one layer for LSUV whose z has a variance of `low` to `high` on a batch of 60 to 80 rows.

    Each row stands there with both signs, so the mean of z and of tanh(z) is zero.
    """
    n_in, n_out = (int(n) for n in rng.choice(np.arange(8, 14), size=2, replace=False))
    half = rng.normal(size=(int(rng.integers(30, 41)), n_in))
    W, x = rng.normal(size=(n_out, n_in)), np.concatenate([half, -half])
    W *= math.sqrt(float(rng.uniform(low, high)) / (x @ W.T).var())
    return [torch.from_numpy(W)], torch.from_numpy(x)


def _fitted_inputs(Ws: Sequence[Tensor], x: Tensor, act: str) -> list[Tensor]:
    fitted = [W * factor for W, factor in zip(Ws, lsuv_factors(Ws, x, act), strict=True)]
    return signals(fitted, x, act)


def axis_clusters(rng: np.random.Generator, train: int, test: int, features: int, classes: int) -> Data:
    """Return float32 data: class k lies at 2 on axis k and at 0 on the others, noise of standard deviation 0.1."""
    y = np.concatenate([np.arange(train) % classes, np.arange(test) % classes])
    x = 2.0 * np.eye(features)[y] + 0.1 * rng.normal(size=(train + test, features))
    return _split(x, y, train)


def noise(rng: np.random.Generator, train: int, test: int, features: int, classes: int) -> Data:
    """Return float32 N(0, 1) inputs with labels that have nothing to do with them: any change of a net shows."""
    y = np.concatenate([np.arange(train) % classes, rng.integers(0, classes, size=test)])
    return _split(rng.normal(size=(train + test, features)), y, train)


@dataclass(frozen=True)
class Training:
    """A tiny ReLU network's first weights, its data, and how it is trained."""

    Ws: list[Tensor]
    data: Data
    steps: int
    lr: float


def training(rng: np.random.Generator) -> Training:
    """Return a problem whose test labels are what the network says after training as the notebook states it.

    Full gradient, SGD with momentum 0.9, biases from zero, mean cross-entropy, in float64. Minibatches much larger
    than the training part come to the same: 40,000 from 8 rows, where the gradient is off by half a per cent. Each
    training row stands there twice with two labels, so no network gets more than half of the training part right; test
    rows near a border between two classes are left out.
    """
    features, width, classes, steps, lr = 5, 9, 4, 12, 0.1
    sizes = [features, width, classes]
    Ws = [
        torch.from_numpy(rng.normal(size=(n_out, n_in)) * math.sqrt(2 / n_in))
        for n_in, n_out in itertools.pairwise(sizes)
    ]
    rows = torch.from_numpy(rng.normal(size=(4, features)))
    x, y = rows.repeat(2, 1), torch.tensor([0, 1, 2, 3, 1, 2, 3, 0])
    parameters = [W.clone().requires_grad_() for W in Ws]
    parameters += [torch.zeros(n, dtype=torch.float64, requires_grad=True) for n in sizes[1:]]

    def logits(inputs: Tensor) -> Tensor:
        W, V, b, c = parameters
        return activation("relu", inputs @ W.T + b) @ V.T + c

    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    for _ in range(steps):
        gradients = torch.autograd.grad(torch.nn.functional.cross_entropy(logits(x), y), parameters)
        with torch.no_grad():
            for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                velocity.mul_(0.9).add_(gradient)
                parameter.sub_(lr * velocity)
    with torch.no_grad():
        test = torch.from_numpy(rng.normal(size=(1200, features)))
        best = logits(test).topk(2)
        clear = best.values[:, 0] - best.values[:, 1] > 0.15 * logits(test).std()
        data = (x.float(), y, test[clear].float(), best.indices[clear, 0])
    return Training([W.float() for W in Ws], data, steps, lr)


def two_sided(rng: np.random.Generator, train: int, test: int, classes: int, *, smallest: bool = False) -> Data:
    """Return float32 data: class k has the largest (or smallest) |x| on axis k, with random signs."""
    y = np.concatenate([np.arange(train) % classes, np.arange(test) % classes])
    size = 2.0 * np.eye(classes)[y]
    size = (2.0 - size if smallest else size) + rng.uniform(0.05, 0.4, size=(train + test, classes))
    return _split(size * rng.choice([-1.0, 1.0], size=size.shape), y, train)


def shifted(data: Data) -> Data:
    """Return the data with every test label moved to the next class."""
    x_train, y_train, x_test, y_test = data
    return x_train, y_train, x_test, (y_test + 1) % (int(y_train.max()) + 1)


def _split(x: np.ndarray, y: np.ndarray, train: int) -> Data:
    inputs, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.int64)
    return inputs[:train], labels[:train], inputs[train:], labels[train:]
