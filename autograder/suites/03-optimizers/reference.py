"""Trusted reference of assignment 03, in float64: expected values and the inputs of the hidden tests.

Owns every expected value of the suite; it never enters a sandbox. Each quantity is computed by another road than the
one the notebook teaches: trajectories by torch.optim's own code, Polyak's parameters from the roots of the
characteristic polynomial, numbers of steps from powers of a 2 x 2 matrix, Wilson's solutions from the pseudo-inverse,
what Adam does under hyperparameters that change with t by torch.optim's own code again.
Refuses: nothing is read from a student, nothing is random except through the generator that is passed in.

Conventions (the notebook prints the same): momentum accumulates, ``v = beta v + g``; RMSProp and Adam divide by
``sqrt(.) + eps``; Adam corrects both averages, counting from t = 1; f(p) = (p0^2 + kappa p1^2) / 2, start (1, 1).
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

DEFAULTS = {
    "sgd": {"lr": 0.01},
    "momentum": {"lr": 0.01, "beta": 0.9},
    "rmsprop": {"lr": 0.01, "alpha": 0.99, "eps": 1e-8},
    "adam": {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8},
}
"""The notebook's defaults."""


# -- questions 1 to 4 ------------------------------------------------------------------------------------------------


def torch_path(name: str, p: Tensor, gs: Sequence[Tensor], hp: dict) -> Tensor:
    """Return the parameters after each of the gradients `gs`, (len(gs), *p.shape), by torch.optim's own code.

    These are the functions that SGD.step, RMSprop.step and Adam.step call; the classes themselves import torch's
    compiler at their first step, which costs a second. The facts of the notebook are tested against the classes.
    """
    values = {**DEFAULTS[name], **hp}
    p = p.detach().clone()
    first, second, count = torch.zeros_like(p), torch.zeros_like(p), torch.tensor(0.0)
    buffers: list[Tensor | None] = [None]
    common = {"foreach": False, "weight_decay": 0.0, "maximize": False, "lr": values["lr"]}
    path = []
    for g in gs:
        given = [g.detach().clone()]
        if name in ("sgd", "momentum"):
            sgd([p], given, buffers, momentum=values.get("beta", 0.0), dampening=0.0, nesterov=False, **common)
        elif name == "rmsprop":
            memory = {"alpha": values["alpha"], "eps": values["eps"], "momentum": 0.0, "centered": False}
            rmsprop([p], given, [second], [], [], [count], **memory, **common)
        else:
            beta1, beta2 = values["betas"]
            rates = {"beta1": beta1, "beta2": beta2, "eps": values["eps"], "amsgrad": False}
            adam([p], given, [first], [second], [], [count], **rates, **common)
        path.append(p.clone())
    return torch.stack(path)


def hyperparameters(rng: np.random.Generator, name: str) -> dict:
    """Return random hyperparameters, away from the defaults; eps is large enough to be seen in a trajectory."""
    found: dict = {"lr": float(10 ** rng.uniform(-1.7, -0.5))}
    if name == "momentum":
        found["beta"] = float(rng.uniform(0.4, 0.85))
    if name == "rmsprop":
        found["alpha"] = float(rng.uniform(0.2, 0.97))
    if name == "adam":
        found["betas"] = (float(rng.uniform(0.5, 0.8)), float(rng.uniform(0.9, 0.99)))
    if name in ("rmsprop", "adam"):
        found["eps"] = float(10 ** rng.uniform(-1.5, -0.5))
    return found


def parameters(rng: np.random.Generator, steps: int) -> tuple[Tensor, list[Tensor]]:
    """Return p and `steps` gradients of one random rectangular shape, float64, no gradient entry below 0.3 in size."""
    shape = (int(rng.integers(2, 5)), int(rng.integers(5, 8)))
    return torch.from_numpy(rng.normal(size=shape)), [gradient(rng, shape) for _ in range(steps)]


def gradient(rng: np.random.Generator, shape: tuple[int, ...]) -> Tensor:
    """Return entries of size 0.3 to 3 and random sign, float64."""
    size = 10 ** rng.uniform(math.log10(0.3), math.log10(3.0), size=shape)
    return torch.from_numpy(size * rng.choice([-1.0, 1.0], size=shape))


# -- questions 5 and 6 -----------------------------------------------------------------------------------------------


def heavy_ball_optimal(mu: float, L: float) -> tuple[float, float]:
    """Return Polyak's (lr, beta) for curvatures between mu and L (Polyak 1964; Lessard, Recht & Packard 2016, table 1).

    z^2 - (1 + beta - lr c) z + beta has a double root at c = mu and at c = L: 1 + beta - lr mu = 2 sqrt(beta) and
    1 + beta - lr L = -2 sqrt(beta). So lr = 4 sqrt(beta) / (L - mu), which leaves a quadratic for sqrt(beta):
    x^2 - 2 (L + mu) / (L - mu) x + 1 = 0, the root inside the unit circle.
    """
    if mu == L:
        return 1.0 / L, 0.0
    half = (L + mu) / (L - mu)
    x = 1.0 / (half + math.sqrt(half * half - 1.0))
    return 4.0 * x / (L - mu), x * x


def spectral_radius(lr: float, beta: float, curvature: float) -> float:
    """Return the heavy ball's factor a step on ``c p^2 / 2``: largest root of z^2 - (1 + beta - lr c) z + beta."""
    return float(np.abs(np.roots([1.0, -(1.0 + beta - lr * curvature), beta])).max())


def values_on_quadratic(kappa: float, lr: float, beta: float, steps: int) -> np.ndarray:
    """Return f before each of `steps` steps of the heavy ball (beta = 0: gradient descent), and after the last."""
    found = []
    curvature = np.array([1.0, kappa])
    matrices = [np.array([[1 + beta - lr * c, -beta], [1.0, 0.0]]) for c in curvature]
    pair = [np.array([1.0, 1.0]), np.array([1.0, 1.0])]
    for _ in range(steps + 1):
        found.append(0.5 * sum(c * x[0] ** 2 for c, x in zip(curvature, pair, strict=True)))
        pair = [matrix @ x for matrix, x in zip(matrices, pair, strict=True)]
    return np.array(found)


def count(values: np.ndarray, tol: float) -> int | None:
    """Return the first index with f <= tol, or None if there is none or a value near it lies within 0.1 % of tol."""
    below = np.flatnonzero(values <= tol)
    if len(below) == 0 or np.abs(values[: below[0] + 1] / tol - 1).min() < 1e-3:
        return None
    return int(below[0])


# -- question 8 ------------------------------------------------------------------------------------------------------


def minimum_norm(X: Tensor, y: Tensor) -> Tensor:
    """Return the solution of X w = y of least norm: where gradient descent from 0 ends."""
    return torch.linalg.pinv(X) @ y


def sign_solution(X: Tensor, y: Tensor) -> Tensor:
    """Return sign(X^T y): where AdaGrad, RMSProp and Adam go from 0, up to a factor (Wilson et al. 2017, lemma 3.1)."""
    return torch.sign(X.T @ y)


# -- question 9 ------------------------------------------------------------------------------------------------------

FAULTS = ("no_correction", "no_square", "eps_inside", "betas_swapped", "shared_t")
"""The faults that question 9 names; a right Adam is "ok"."""

FORMS = ("plain", "torch", "history")
"""Ways of writing one Adam down, which differ by rounding and by what the state holds."""

UNCORRECTED = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0))
"""Factors of beta^t in the two corrections: neither, only the second, only the first average is corrected."""


def patient(rng: np.random.Generator, name: str, number: int) -> dict:
    """Return what ``probes.py`` builds one Adam of: plain numbers, no name of the fault.

    The defaults are random, and eps too small to show. `number` picks form and variant: any three in a row have all.
    """
    first, second = UNCORRECTED[number % 3] if name == "no_correction" else (1.0, 1.0)
    return {
        "form": FORMS[number % 3],
        "defaults": {
            "lr": float(10 ** rng.uniform(-2.5, -1.2)),
            "betas": (float(rng.uniform(0.5, 0.85)), float(rng.uniform(0.9, 0.98))),
            "eps": float(10 ** rng.uniform(-9, -7.5)),
        },
        "power": 1.0 if name == "no_square" else 2.0,
        "corrects": (first, second),
        "inside": float(name == "eps_inside"),
        "turned": float(name == "betas_swapped"),
        "apart": float(name != "shared_t"),
    }


# -- question 10 -----------------------------------------------------------------------------------------------------


def adam_path(p: Tensor, gs: Sequence[Tensor], hps: Sequence[dict]) -> Tensor:
    """Return the parameters after each step of torch's Adam, step t with the hyperparameters ``hps[t - 1]``."""
    p = p.detach().clone()
    first, second, count = torch.zeros_like(p), torch.zeros_like(p), torch.tensor(0.0)
    path = []
    for g, hp in zip(gs, hps, strict=True):
        rates = {"lr": hp["lr"], "beta1": hp["betas"][0], "beta2": hp["betas"][1], "eps": hp["eps"]}
        kind = {"foreach": False, "weight_decay": 0.0, "maximize": False, "amsgrad": False}
        adam([p], [g.detach().clone()], [first], [second], [], [count], **rates, **kind)
        path.append(p.clone())
    return torch.stack(path)
