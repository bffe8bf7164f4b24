"""The facts that notebook 01 prints and states, measured again with the functions of its solution cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from course import digits

DEPTH, WIDTH = 20, 128
QUOTATIONS = (
    "경사가 거의 0인 곳에서 학습이 굉장히 느려진다",
    "백프로파게이션 중에 사용되는 그레이디언트가 사라지게",
    "그래디언트를 더 잘 전파되게",
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As the notebook's set-up cell does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def experiments(solved: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
    """The solutions and the functions that experiments b and c define; nothing is drawn."""
    solved |= dict(zip(("x_train", "y_train", "x_test", "y_test"), digits(), strict=True))
    solved |= {"data": digits(), "ready": lambda **functions: False}
    exec(sources["experiment-b"], solved)
    exec(sources["experiment-c"], solved)
    assert (solved["DEPTH"], solved["WIDTH"]) == (DEPTH, WIDTH)
    return solved


def test_sigmoid_loses_at_least_three_quarters_at_every_step(solved: dict[str, Any]) -> None:
    z = torch.linspace(-6, 6, 1201, dtype=torch.float64)
    slope = solved["act_and_grad"]("sigmoid", z)[1]
    assert slope.max().item() == 0.25
    assert z[slope.argmax()].abs().item() < 1e-12
    tanh = solved["act_and_grad"]("tanh", z)[0]
    assert torch.allclose(tanh, 2 * solved["act_and_grad"]("sigmoid", 2 * z)[0] - 1, atol=1e-15)


def test_the_factor_per_layer_is_the_one_the_model_answer_states(
    experiments: dict[str, Any], sources: dict[str, str]
) -> None:
    factors = {
        act: sorted(experiments["decay_factor"](experiments["delta_norms"](act, seed)) for seed in range(8))
        for act in ("sigmoid", "tanh", "relu")
    }
    stated = float(re.search(r"한 층에 약 (0\.\d+)배", sources["reflection"]).group(1))
    assert sum(factors["sigmoid"][3:5]) / 2 == pytest.approx(stated, abs=0.001)
    assert all(0.23 < r < 0.25 for r in factors["sigmoid"])
    assert all(abs(r - math.sqrt(0.5)) < 0.03 for r in factors["relu"])
    assert all(0.9 < r < 1 for r in factors["tanh"])


def test_twenty_sigmoid_layers_leave_a_trillionth(experiments: dict[str, Any]) -> None:
    for seed in range(3):
        norms = experiments["delta_norms"]("sigmoid", seed)
        assert 3e-13 < (norms[0] / norms[-1]).item() < 3e-12


def test_weight_gradients_hide_what_deltas_show(experiments: dict[str, Any]) -> None:
    x, y = experiments["x_train"][:256], experiments["y_train"][:256]
    ratios: dict[str, list[float]] = {"delta": [], "weight": []}
    for seed in range(8):
        found = experiments["grad_norms"](experiments["relu_net"](seed, 1.0), x, y)
        for key, values in ratios.items():
            values.append((found[key][0] / found[key][DEPTH - 1]).item())
    delta, weight = (sorted(values)[4] for values in ratios.values())
    assert delta == pytest.approx(2 ** (-19 / 2), rel=0.5)
    assert 0.5 < weight < 2


def test_he_initialisation_keeps_the_deltas(experiments: dict[str, Any]) -> None:
    x, y = experiments["x_train"][:256], experiments["y_train"][:256]
    found = experiments["grad_norms"](experiments["relu_net"](0, math.sqrt(2)), x, y)["delta"]
    assert 0.3 < (found[0] / found[DEPTH - 1]).item() < 3


@pytest.mark.parametrize("act", ["sigmoid", "tanh", "relu"])
def test_the_bound_holds_and_only_sigmoid_is_bounded_below_one(act: str, experiments: dict[str, Any]) -> None:
    Ws, _ = experiments["xavier_layers"]([64] + [WIDTH] * DEPTH + [10], 0)
    norms = experiments["delta_norms"](act, 0)
    bound = experiments["jacobian_bound"](Ws[1:DEPTH], act)
    assert norms[0] / norms[-1] <= bound
    assert (bound < 1) == (act == "sigmoid")
    assert all(1.9 < torch.linalg.matrix_norm(W, 2) < 2.1 for W in Ws[1:DEPTH])


def test_hand_written_deltas_are_those_of_autograd(experiments: dict[str, Any]) -> None:
    x, y = experiments["x_train"][:32].double(), experiments["y_train"][:32]
    Ws, bs = experiments["xavier_layers"]([64, 11, 7, 10], 1)
    Ws, bs = [W.double().requires_grad_() for W in Ws], [b.double() for b in bs]
    zs, hs = experiments["forward"](x, Ws, bs, "tanh")
    loss = torch.nn.functional.cross_entropy(hs[-1], y)
    expected = torch.autograd.grad(loss, zs)
    for mine, theirs in zip(experiments["backward"](zs, hs, Ws, "tanh", y), expected, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-15)


@pytest.mark.soak
def test_sigmoid_falls_with_depth_and_only_needs_more_time(solved: dict[str, Any]) -> None:
    sweep, data = solved["depth_sweep"], digits()
    sigmoid = sweep("sigmoid", [1, 4], 0, data)
    assert sigmoid[1] > 0.9
    assert sigmoid[4] < 0.15
    assert sweep("tanh", [4], 0, data)[4] > 0.95
    assert sweep("sigmoid", [4], 0, data, steps=2000)[4] > 0.85


def test_the_texts_are_quoted_to_the_letter(sources: dict[str, str]) -> None:
    for quotation in QUOTATIONS:
        assert f'> "{quotation}"' in sources["header"]
    assert f'> "{QUOTATIONS[1]}"' in sources["reflection-text"]
