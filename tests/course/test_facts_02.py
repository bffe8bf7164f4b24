"""The facts that notebook 02 prints and states, measured again with the functions of its solution cells.

What is drawn or trained is asked for a median of several seeds; see ``test_facts_01.py``.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from course.story import changes, open_problems
from tests.course.masters import read_sources, solve

ID = "02-weight-init"
LAYERS = 30
SEEDS = 9
"""As many as experiment c takes the median of."""

Fill = Callable[[Tensor, torch.Generator], Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As the notebook's set-up cell does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return read_sources(ID)


@pytest.fixture(scope="module")
def notebook(sources: dict[str, str]) -> dict[str, Any]:
    """The solutions, and what the experiments define; nothing is drawn."""
    namespace = solve(ID)
    namespace["ready"] = lambda **functions: False
    for letter in ("c", "d", "g", "h", "i", "weights", "j"):
        exec(sources[f"experiment-{letter}"], namespace)
    exec(sources["experiment-f"].split("\nfig, ax")[0], namespace)
    assert (namespace["LAYERS"], namespace["WIDTH"]) == (LAYERS, 256)
    return namespace


def ratios(notebook: dict[str, Any], scheme: str, seeds: range) -> list[float]:
    """Standard deviation of the last layer over that of the first, ReLU, one for each seed."""
    found = []
    for seed in seeds:
        stds = notebook["propagate"](notebook["layers_of"](notebook["FILLS"][scheme], seed), notebook["x_wide"], "relu")
        found.append((stds[-1] / stds[0]).item())
    return found


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_input_has_a_mean_square_of_one(notebook: dict[str, Any]) -> None:
    assert notebook["x_train"].square().mean().item() == pytest.approx(1, abs=1e-5)
    assert notebook["x_wide"].square().mean().item() == pytest.approx(1, abs=0.05)


def test_the_initialisers_have_the_variance_of_their_papers_and_of_torch(notebook: dict[str, Any]) -> None:
    shape = (200, 400)
    for mine, theirs in (
        (notebook["xavier_"](torch.empty(shape), 1.0, generator(1)), nn.init.xavier_uniform_(torch.empty(shape))),
        (
            notebook["kaiming_"](torch.empty(shape), "fan_in", generator(1)),
            nn.init.kaiming_uniform_(torch.empty(shape), nonlinearity="relu"),
        ),
    ):
        assert mine.var().item() == pytest.approx(theirs.var().item(), rel=0.04)
    assert math.sqrt(6 / 600) == pytest.approx(math.sqrt(3) * math.sqrt(2 / 600))  # Glorot & Bengio 2010: the bound


def test_the_default_of_torch_is_a_sixth_of_he(notebook: dict[str, Any]) -> None:
    torch.manual_seed(0)
    weight = nn.Linear(400, 300).weight.detach()
    assert weight.abs().max().item() <= 1 / math.sqrt(400)
    assert weight.var().item() * 400 == pytest.approx(1 / 3, rel=0.02)
    mine = notebook["default_"](torch.empty(300, 400), generator(0))
    assert mine.var().item() == pytest.approx(weight.var().item(), rel=0.02)
    he = notebook["kaiming_"](torch.empty(300, 400), "fan_in", generator(0))
    assert he.var().item() / mine.var().item() == pytest.approx(6, rel=0.04)


def test_a_normal_cut_at_two_sigma_has_a_standard_deviation_of_0_88() -> None:
    density, inside = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(math.sqrt(2))
    assert math.sqrt(1 - 2 * 2 * density / inside) == pytest.approx(0.88, abs=0.001)


def test_relu_halves_the_mean_square() -> None:
    z = torch.randn(200_000, generator=generator(0), dtype=torch.float64)
    assert (z.relu().square().mean() / z.square().mean()).item() == pytest.approx(0.5, abs=0.01)


def test_thirty_layers_turn_root_two_into_23_000() -> None:
    assert math.sqrt(2) ** 29 == pytest.approx(23_000, rel=0.01)
    assert math.sqrt(0.5) ** 29 == pytest.approx(4e-5, rel=0.1)
    assert math.pow(2, 30) == pytest.approx(1e9, rel=0.1)


def test_relu_with_xavier_loses_root_two_a_layer(notebook: dict[str, Any], sources: dict[str, str]) -> None:
    found = ratios(notebook, "xavier", range(SEEDS))
    assert geometric_mean(found) == pytest.approx(2**-14.5, rel=0.6)
    assert all(0.67 < value ** (1 / 29) < 0.74 for value in found)
    stated = float(re.search(r"Xavier에서 약 (\d\.\de-\d+)", sources["reflection"]).group(1))
    assert statistics.median(found) == pytest.approx(stated, rel=0.03)


def test_he_keeps_the_signal_and_the_default_of_torch_does_not(
    notebook: dict[str, Any], sources: dict[str, str]
) -> None:
    he = ratios(notebook, "he", range(SEEDS))
    assert 0.4 < geometric_mean(he) < 2
    assert all(0.2 < value < 4 for value in he)
    stated = float(re.search(r"He에서는 약 (0\.\d+)", sources["reflection"]).group(1))
    assert statistics.median(he) == pytest.approx(stated, abs=0.01)
    assert f"else {SEEDS})" in sources["experiment-c"]
    assert f"시드 {SEEDS}개의 중앙값" in sources["reflection"]
    assert all(
        math.sqrt(1 / 6) * 0.95 < r ** (1 / 29) < math.sqrt(1 / 6) * 1.05 for r in ratios(notebook, "default", range(3))
    )


@pytest.mark.parametrize("scheme", ["xavier", "he", "default"])
@pytest.mark.parametrize("act", ["linear", "relu", "tanh", "silu"])
def test_the_prediction_is_near_the_measurement(act: str, scheme: str, notebook: dict[str, Any]) -> None:
    fill = notebook["FILLS"][scheme]
    runs = [notebook["propagate"](notebook["layers_of"](fill, s, count=15), notebook["x_wide"], act) for s in range(4)]
    predicted = notebook["predict_std"](act, 15, scheme)
    gap = (torch.stack(runs).double().log().mean(0) - predicted.log()).abs()
    assert gap.max() < 0.7
    assert gap[0] < 0.1


def test_narrow_nets_differ_more_from_seed_to_seed(notebook: dict[str, Any]) -> None:
    x, spread = notebook["x_train"][:256, :32], {}
    for width in (32, 256):
        wide = x.repeat(1, width // 32)
        Ws = [notebook["layers_of"](notebook["FILLS"]["he"], seed, width=width) for seed in range(12)]
        last = torch.stack([notebook["propagate"](layers, wide, "relu")[-1] for layers in Ws])
        spread[width] = (last.max() / last.min()).item()
    assert spread[32] > 10
    assert spread[256] < 8


def test_orthogonal_layers_keep_every_length_through_a_hundred_layers(notebook: dict[str, Any]) -> None:
    for seed in range(2):
        gen = generator(seed)
        h = torch.randn(5, 100, dtype=torch.float64, generator=gen)
        start = h.norm(dim=1)
        for _ in range(100):
            h = h @ notebook["orthogonal_"](torch.empty(100, 100, dtype=torch.float64), gen).T
        assert torch.allclose(h.norm(dim=1), start, rtol=1e-10)


def test_ten_xavier_matrices_tear_the_directions_ten_digits_apart(notebook: dict[str, Any]) -> None:
    apart = []
    for seed in range(6):
        gen, product = generator(seed), torch.eye(100, dtype=torch.float64)
        for _ in range(10):
            product = notebook["xavier_"](torch.empty(100, 100, dtype=torch.float64), 1.0, gen) @ product
        singular = torch.linalg.svdvals(product)
        apart.append((singular[0] / singular[-1]).item())
    assert sorted(apart)[1] > 1e10


@pytest.mark.parametrize(("gain", "low", "high"), [(0.5, 2e-4, 2e-3), (1.0, 0.15, 0.3), (3.0, 0.75, 0.9)])
def test_ten_tanh_layers_vanish_keep_or_saturate(
    gain: float, low: float, high: float, notebook: dict[str, Any]
) -> None:
    for seed in range(3):
        gen, h = generator(seed), notebook["x_train"][:256]
        for n_in in [64] + [256] * 9:
            h = torch.tanh(h @ notebook["xavier_"](torch.empty(256, n_in), gain, gen).T)
        assert low < h.std().item() < high
        share = (h.abs() > 0.99).float().mean().item()
        assert 0.25 < share < 0.35 if gain == 3 else share < 0.01


def test_units_that_start_alike_stay_alike(notebook: dict[str, Any]) -> None:
    constant, out = torch.full((16, 64), 0.05), torch.full((10, 16), 0.05)
    halves = torch.tensor([1.0, 3.0]).repeat(8)[:, None]
    noise = 1e-3 * torch.randn(16, 64, generator=generator(0))
    found = {name: notebook["train_from"](W, out, 300) for name, W in (("one", constant), ("two", halves * constant))}
    found["noise"] = notebook["train_from"](constant + noise, out, 300)
    assert [set(found[name][0]) for name in ("one", "two", "noise")] == [{1}, {2}, {16}]
    assert found["one"][1] < found["two"][1] < found["noise"][1]
    assert found["one"][1] < 0.35
    assert found["noise"][1] > 0.9


def median_accuracies(notebook: dict[str, Any], depths: list[int], seeds: range) -> dict[int, list[float]]:
    """For each depth the medians for Xavier, He, torch's default and orthogonal times root two."""
    runs = [notebook["init_sweep"](notebook["INITS"], depths, seed, notebook["data"]) for seed in seeds]
    return {d: [statistics.median(run[name][d] for run in runs) for name in notebook["INITS"]] for d in depths}


@pytest.mark.soak
def test_at_depth_30_only_weights_fit_for_relu_learn(notebook: dict[str, Any], sources: dict[str, str]) -> None:
    """Of 5 seeds He has 0.70 to 0.94, orthogonal 0.91 to 0.95, the others 0.08."""
    xavier, he, default, orthogonal = median_accuracies(notebook, [30], range(5))[30]
    assert max(xavier, default) < 0.2
    assert orthogonal > 0.8
    told = re.search(r"He가 0\.\d+로 (0\.\d) 안팎", sources["reflection"])
    assert he == pytest.approx(float(told.group(1)), abs=0.07)


@pytest.mark.soak
def test_at_depth_10_xavier_still_learns_and_at_20_no_more(notebook: dict[str, Any]) -> None:
    """Of 5 seeds Xavier has 0.89 to 0.92 at depth 10 and 0.08 to 0.18 at 20, torch's default 0.08 at both."""
    found = median_accuracies(notebook, [10, 20], range(3))
    assert found[10][0] == pytest.approx(0.9, abs=0.05)
    assert max(found[20][0], found[10][2], found[20][2]) < 0.25


@pytest.mark.soak
def test_shallow_nets_learn_from_any_of_them(notebook: dict[str, Any]) -> None:
    """Of 5 seeds the accuracies are 0.94 to 0.97."""
    assert min(median_accuracies(notebook, [2], range(3))[2]) > 0.9


def test_weight_gradients_are_even_and_tiny_under_xavier(notebook: dict[str, Any], sources: dict[str, str]) -> None:
    logs = {
        name: torch.stack([notebook["weight_gradients"](notebook["INITS"][name], s) for s in range(8)])
        .log()
        .mean(0)
        .exp()
        for name in ("Xavier", "He")
    }
    ratio = (logs["Xavier"][0] / logs["Xavier"][-1]).item()
    stated = float(re.search(r"비는 약 (\d\.\d)로 고르게", sources["reflection"]).group(1))
    assert ratio == pytest.approx(stated, abs=0.06)
    assert 1 / 3 < ratio < 3
    assert 1e-5 < (logs["Xavier"].mean() / logs["He"].mean()).item() < 1e-4


def test_the_measured_signal_lies_below_the_prediction_for_relu_and_on_it_without_an_activation(
    notebook: dict[str, Any],
) -> None:
    """The mean over seeds is a geometric one."""
    below = {}
    for act in ("relu", "linear"):
        runs = [
            notebook["propagate"](notebook["layers_of"](notebook["FILLS"]["he"], s), notebook["x_wide"], act)
            for s in range(10)
        ]
        predicted = notebook["predict_std"](act, LAYERS, "he")
        below[act] = (torch.stack(runs).double().log().mean(0).exp() / predicted)[-1].item()
    assert 0.6 < below["relu"] < 0.9
    assert below["linear"] == pytest.approx(1, abs=0.1)


def test_leaky_relu_keeps_the_signal_with_the_variance_of_question_3(notebook: dict[str, Any]) -> None:
    z = torch.randn(400_000, generator=generator(0), dtype=torch.float64)
    for slope in (0.3, -1.0, 2.0):
        share = nn.functional.leaky_relu(z, slope).square().mean().item()
        variance = notebook["kaiming_"](torch.empty(300, 300), "fan_in", generator(1), slope).var().item()
        assert 300 * variance * share == pytest.approx(1, abs=0.03)


def test_the_draft_of_question_5_has_the_three_symptoms_that_the_text_names(
    notebook: dict[str, Any], sources: dict[str, str]
) -> None:
    namespace = dict(notebook)
    exec(re.search(r"```python\n(.*?)```", sources["q5-text"], re.DOTALL).group(1), namespace)
    draft, x = namespace["propagate"], notebook["x_wide"]
    layers = notebook["layers_of"](notebook["FILLS"]["he"], 0)
    given = list(layers)
    deep = draft(given, x, "relu")
    with pytest.raises(RuntimeError):
        draft(given, x, "relu")  # it has emptied the list
    ratio = draft(layers[:1], x, "relu") / draft(layers[:1], x, "linear")
    assert ratio.item() == pytest.approx(0.6, abs=0.06)
    assert deep[-1] < 0.4 * deep[0]
    assert draft(layers[:2], x[:1], "relu").isnan().all()
    squares, h = [], x
    for W in layers:
        z = h @ W.T
        squares.append(z.square().mean().sqrt().item())
        h = z.relu()
    assert 0.4 < squares[-1] / squares[0] < 2


def test_in_an_hourglass_one_direction_is_kept_and_the_other_is_four_times_larger_at_the_waist(
    notebook: dict[str, Any],
) -> None:
    def sizes(fill: Fill) -> list[Tensor]:
        runs = [notebook["both_ways"](fill, seed) for seed in range(20)]
        return [torch.stack(way).log().mean(0).exp() for way in zip(*runs, strict=True)]

    for mode, kept, swollen in (("fan_in", 0, 1), ("fan_out", 1, 0)):
        both = sizes(lambda w, gen, mode=mode: notebook["kaiming_"](w, mode, gen))
        start = both[swollen][-1 if swollen else 0]
        assert 3.4 < both[swollen][6] / start < 4.6
        assert 0.8 < both[swollen][0 if swollen else -1] / start < 1.2
        assert both[kept].min() / both[kept].max() > 0.8
    forward, backward = sizes(notebook["FILLS"]["xavier"])
    assert forward[-1] / forward[0] < 0.02 and backward[0] / backward[-1] < 0.02


def test_two_inputs_a_thousandth_apart_meet_stay_or_part(notebook: dict[str, Any]) -> None:
    for act, gain, low, high in (
        ("tanh", 0.8, 2e-7, 2e-6),
        ("tanh", 1.5, 2e-3, 1e-2),
        ("tanh", 3.0, 0.8, 1.2),
        ("relu", math.sqrt(2), 5e-4, 1e-3),
    ):
        distances, signal = (
            torch.stack(f).mean(0) for f in zip(*(notebook["apart"](act, gain, s) for s in range(5)), strict=True)
        )
        assert distances[0].item() == pytest.approx(1e-3, rel=1e-3)
        assert low < distances[-1] < high
        assert gain != 3.0 or signal[-1].item() == pytest.approx(0.84, abs=0.02)


def test_the_factor_of_the_distance_is_1_37_for_tanh_with_gain_3() -> None:
    nodes = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    density = torch.exp(-nodes.square() / 2) / torch.exp(-nodes.square() / 2).sum()
    moment = 9.0
    for _ in range(200):
        moment = 9 * (density * torch.tanh(math.sqrt(moment) * nodes).square()).sum().item()
    slope = (density * (1 - torch.tanh(math.sqrt(moment) * nodes).square()).square()).sum().item()
    assert math.sqrt(9 * slope) == pytest.approx(1.37, abs=0.01)


def test_lsuv_takes_one_division_for_relu_two_for_silu_and_the_limit_for_tanh(notebook: dict[str, Any]) -> None:
    square = notebook["layers_of"](notebook["orthogonal_"], 0, count=5)
    for act, expected in (("relu", 1), ("silu", 2), ("tanh", 10)):
        full = notebook["lsuv"](square, notebook["x_wide"], act)
        steps = [
            torch.equal(full[0], notebook["lsuv"](square, notebook["x_wide"], act, max_steps=n)[0]) for n in range(11)
        ]
        assert steps.index(True) == expected
        assert act != "tanh" or (full[0].norm() / square[0].norm()).item() == pytest.approx(6, abs=0.5)


@pytest.mark.soak
def test_lsuv_learns_with_silu_where_he_does_hardly(notebook: dict[str, Any]) -> None:
    """Of 3 seeds LSUV has 0.78 to 0.96, He 0.16 to 0.45."""
    for seed in range(3):
        starts = notebook["deep_starts"]("silu", seed)
        he, lsuv = (notebook["train_deep"](starts[name], "silu", seed, 400) for name in ("He", "LSUV"))
        assert lsuv > 0.7 and he < 0.55


def test_pre_training_and_xavier_both_let_eight_layers_learn(notebook: dict[str, Any]) -> None:
    found = [notebook["train_deep"](Ws, "tanh", 0, 300, lr=0.02) for Ws in notebook["eight_starts"](0).values()]
    assert found[0] < 0.15
    assert found[1] == pytest.approx(0.98, abs=0.02)
    assert found[2] == pytest.approx(0.98, abs=0.02)


def test_the_baseline_of_the_open_problem_is_the_one_that_the_notebook_prints(notebook: dict[str, Any]) -> None:
    problem = open_problems()["02"]
    fill = {"root": lambda w, gen: math.sqrt(2) * notebook["orthogonal_"](w, gen)}
    found = [notebook["init_sweep"](fill, [30], s, notebook["data"], steps=200)["root"][30] for s in range(3)]
    assert statistics.median(found) == pytest.approx(problem.baseline, abs=0.03)
    assert problem.budget == 200 * 64


@pytest.mark.soak
def test_what_changed_is_what_the_sweep_measures(notebook: dict[str, Any]) -> None:
    row = changes()["02"]
    xavier, he = median_accuracies(notebook, [30], range(3))[30][:2]
    assert xavier == pytest.approx(row.before, abs=0.04)
    assert he == pytest.approx(row.after, abs=0.06)
