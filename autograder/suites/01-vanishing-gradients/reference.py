"""Trusted reference of assignment 01, in float64: expected values and the inputs of the hidden tests.

Owns every expected value of the suite; it never enters a sandbox. Each quantity is computed by another road than the
one the notebook teaches, so that a shared slip cannot hide: activations from hyperbolic identities, deltas from
autograd (the notebook derives them by hand), spectral norms from singular values, the slope from covariances.
Refuses: nothing is read from a student, nothing is random except through the generator that is passed in.

Conventions (the notebook prints the same): ``zs[l] = hs[l] @ Ws[l].T + bs[l]``, ``hs[0] = x``,
``hs[l+1] = act(zs[l])`` except for the last layer, whose output is the logits; loss = cross-entropy, mean over N.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

ACTIVATIONS = ("sigmoid", "tanh", "relu")


# -- questions 1 to 6 ------------------------------------------------------------------------------------------------


def activation(name: str, z: Tensor) -> tuple[Tensor, Tensor]:
    """Return act(z) and act'(z) elementwise, float64, same shape as `z`.

    sigmoid(z) = (1 + tanh(z/2)) / 2, sigmoid'(z) = 1 / (4 cosh(z/2)^2); tanh z = 2 sigmoid(2z) - 1,
    tanh'(z) = 1 / cosh(z)^2; relu(z) = (z + |z|) / 2 with relu'(0) = 0 (the subgradient torch chooses, and the one the
    notebook states). cosh overflows to inf beyond 710, which makes the derivative exactly 0 there.
    """
    z = z.to(torch.float64)
    if name == "sigmoid":
        return (1 + torch.tanh(z / 2)) / 2, 1 / (4 * torch.cosh(z / 2) ** 2)
    if name == "tanh":
        return 2 * activation("sigmoid", 2 * z)[0] - 1, 1 / torch.cosh(z) ** 2
    if name == "relu":
        return (z + z.abs()) / 2, torch.heaviside(z, torch.zeros((), dtype=torch.float64))
    raise ValueError(name)


def forward(x: Tensor, Ws: Sequence[Tensor], bs: Sequence[Tensor], act: str) -> tuple[list[Tensor], list[Tensor]]:
    """Return (zs, hs): L pre-activations (N, n_l) and L + 1 layer outputs, ``hs[0] = x``, ``hs[L]`` the logits."""
    zs: list[Tensor] = []
    hs = [x]
    for layer, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        zs.append(torch.einsum("ni,oi->no", hs[-1], W) + b)
        hs.append(activation(act, zs[-1])[0] if layer < len(Ws) - 1 else zs[-1])
    return zs, hs


def gradients(
    x: Tensor, Ws: Sequence[Tensor], bs: Sequence[Tensor], act: str, y: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    """Return (deltas, weight gradients) of the mean cross-entropy, by autograd.

    deltas[l] (N, n_l) is the gradient for a zero tensor added to the output of layer l; weight gradients (out, in).
    """
    weights = [W.detach().clone().requires_grad_() for W in Ws]
    nudges: list[Tensor] = []
    h = x
    for layer, (W, b) in enumerate(zip(weights, bs, strict=True)):
        z = torch.nn.functional.linear(h, W, b)
        nudges.append(torch.zeros_like(z, requires_grad=True))
        z = z + nudges[-1]
        h = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[act](z) if layer < len(Ws) - 1 else z
    loss = torch.nn.functional.cross_entropy(h, y, reduction="mean")
    found = torch.autograd.grad(loss, [*nudges, *weights])
    return list(found[: len(Ws)]), list(found[len(Ws) :])


def spectral_norm(W: Tensor) -> float:
    """Return the largest singular value of `W` (out, in)."""
    return float(torch.linalg.svdvals(W.to(torch.float64))[0])


def gamma(act: str) -> float:
    """Return max |act'(z)| over z: 1/4 for sigmoid (at z = 0), 1 for tanh (at 0) and ReLU (any z > 0)."""
    return float(activation(act, torch.tensor([0.0, 1.0]))[1].max())


def jacobian_bound(Ws: Sequence[Tensor], act: str) -> float:
    """Return the product of gamma(act) * ||W||_2 over `Ws`; 1.0 for an empty sequence.

    From delta^l = (delta^(l+1) W^(l+1)) * act'(z^l) and ||AB||_F <= ||A||_F ||B||_2 (Pascanu, Mikolov & Bengio 2013,
    section 2.1). Summed as logarithms, so that many layers do not underflow.
    """
    return math.exp(sum(math.log(gamma(act)) + math.log(spectral_norm(W)) for W in Ws))


def decay_factor(norms: Tensor) -> float:
    """Return exp(-slope) of the least-squares line of log(norms) over the layer's index; entries <= 0 or not finite are
    left out and keep their index; nan with fewer than two left. slope = cov(l, log) / var(l)."""
    values = norms.to(torch.float64).numpy()
    kept = np.flatnonzero(np.isfinite(values) & (values > 0))
    if len(kept) < 2:
        return math.nan
    logs = np.log(values[kept])
    return math.exp(-float(np.cov(kept, logs, bias=True)[0, 1] / np.var(kept)))


def norm(value: Tensor) -> float:
    """Return the Frobenius norm as a float."""
    return math.sqrt(float((value.to(torch.float64) ** 2).sum()))


# -- inputs ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    """A random MLP and a batch; all widths and the batch size differ, so that no shape fits by luck."""

    x: Tensor
    y: Tensor
    Ws: list[Tensor]
    bs: list[Tensor]
    act: str

    @property
    def depth(self) -> int:
        """Number of weight matrices."""
        return len(self.Ws)


def network(
    rng: np.random.Generator, depth: int, act: str = "sigmoid", *, scale: float = 1.4, bias: float = 0.5
) -> Network:
    """Return a network of `depth` weight matrices, N(0, scale^2 / fan_in), biases N(0, bias^2), float64.

    Drawn again while some layer's gradient is (almost) zero: a small ReLU layer can be off for the whole batch, about
    once in 100 networks, and would make honest answers look empty.
    """
    while True:
        net = _draw(rng, depth, act, scale, bias)
        deltas, weights = gradients(net.x, net.Ws, net.bs, act, net.y)
        if min(norm(gradient) for gradient in (*deltas, *weights)) > 1e-7:
            return net


def _draw(rng: np.random.Generator, depth: int, act: str, scale: float, bias: float) -> Network:
    count = depth + 2
    sizes = [int(n) for n in rng.choice(np.arange(3, max(13, count + 5)), size=count, replace=False)]
    batch, widths = sizes[0], sizes[1:]
    pairs = list(zip(widths[1:], widths[:-1], strict=True))
    return Network(
        x=torch.from_numpy(rng.normal(size=(batch, widths[0]))),
        y=torch.from_numpy(rng.integers(0, widths[-1], size=batch)),
        Ws=[torch.from_numpy(rng.normal(size=pair) * scale / math.sqrt(pair[1])) for pair in pairs],
        bs=[torch.from_numpy(rng.normal(size=out) * bias) for out, _ in pairs],
        act=act,
    )


def positive_network(rng: np.random.Generator, depth: int) -> Network:
    """Return a ReLU network whose inputs, weights and biases are positive: every unit is on, so act' = 1 everywhere."""
    net = network(rng, depth, "relu")
    return Network(net.x.abs(), net.y, [W.abs() for W in net.Ws], [b.abs() + 0.1 for b in net.bs], "relu")


def square_network(rng: np.random.Generator, depth: int, act: str, size: int = 5) -> Network:
    """Return a network whose batch, widths and classes are all `size`: a matrix that is transposed fits as well."""
    while True:
        net = Network(
            x=torch.from_numpy(rng.normal(size=(size, size))),
            y=torch.from_numpy(rng.integers(0, size, size=size)),
            Ws=[torch.from_numpy(rng.normal(size=(size, size)) * 1.4 / math.sqrt(size)) for _ in range(depth)],
            bs=[torch.from_numpy(rng.normal(size=size) * 0.5) for _ in range(depth)],
            act=act,
        )
        deltas, weights = gradients(net.x, net.Ws, net.bs, act, net.y)
        if min(norm(gradient) for gradient in (*deltas, *weights)) > 1e-7:
            return net


def changed_network(net: Network) -> Network:
    """Return the network with other inputs and weights of the same shapes: no answer about it is the same."""
    return Network(0.5 * net.x, net.y, [1.5 * W for W in net.Ws], net.bs, net.act)


def orthonormal(rng: np.random.Generator, rows: int, columns: int) -> Tensor:
    """Return a (rows, columns) matrix, rows >= columns, whose columns are orthonormal: all singular values are 1."""
    return torch.from_numpy(np.linalg.qr(rng.normal(size=(rows, columns)))[0])


Data = tuple[Tensor, Tensor, Tensor, Tensor]


@functools.cache
def digits(train: int = 400, test: int = 200) -> Data:
    """Return scikit-learn's digits as (x_train, y_train, x_test, y_test): float32 in [-1, 1] centred, int64 labels."""
    import course

    images = course.digits()
    inputs = torch.cat((images.x_train, images.x_test))[: train + test]
    labels = torch.cat((images.y_train, images.y_test))[: train + test]
    inputs = inputs - inputs[:train].mean(dim=0)
    return inputs[:train], labels[:train], inputs[train:], labels[train:]


def clusters(rng: np.random.Generator, train: int, test: int, features: int, classes: int) -> Data:
    """Return well separated Gaussian clusters (centres on +-2 axes in turn, standard deviation 0.3), float32."""
    centres = np.zeros((classes, features))
    for label in range(classes):
        centres[label, label % features] = 2.0 if label < features else -2.0
    y = np.concatenate([np.arange(train) % classes, np.arange(test) % classes])
    x = centres[y] + 0.3 * rng.normal(size=(train + test, features))
    inputs, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.int64)
    return inputs[:train], labels[:train], inputs[train:], labels[train:]


def exclusive_or(rng: np.random.Generator, train: int, test: int) -> Data:
    """Return two classes by the sign of x0 * x1, |x| >= 0.5: no straight line does better than about one half."""
    count = train + test
    signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])[np.arange(count) % 4]
    x = signs * rng.uniform(0.5, 1.5, size=(count, 2))
    inputs = torch.tensor(x, dtype=torch.float32)
    labels = torch.tensor(signs[:, 0] * signs[:, 1] > 0, dtype=torch.int64)
    return inputs[:train], labels[:train], inputs[train:], labels[train:]
