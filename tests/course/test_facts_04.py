"""The facts that notebook 04 prints and states, from the functions of its solution cells; no clock is asked.

The second half runs the badge tests, which need a GPU, with the CPU in the GPU's place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.outcomes import Scene
from autograder.judge.question import QuestionRun
from autograder.judge.suite import HiddenTest, Suite
from autograder.model import Outcome, TestOutcome
from course.story import changes, open_problems
from tests.course.masters import assignment, read_sources, solve

ID = "04-gpu-speedup"
EXPERIMENTS = ("experiment-c", "experiment-g", "experiment-h", "experiment-i")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As the notebook's set-up cell does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """The sources of the notebook's cells by their ids."""
    return read_sources(ID)


@pytest.fixture(scope="module")
def own(cells: dict[str, str]) -> dict[str, Any]:
    """The solutions, and what the experiments define before they measure; nothing is drawn."""
    namespace = solve(ID) | {"ready": lambda **functions: False}
    for cell in EXPERIMENTS:
        exec(cells[cell], namespace)
    return namespace


@pytest.fixture(scope="module")
def peak(own: dict[str, Any]) -> float:
    """FLOP/s of the GTX TITAN X."""
    return float(own["peak_flops"](own["CORES"], own["CLOCK"]))


def intensity(own: dict[str, Any], *sizes: int) -> float:
    """FLOP/byte of a product of matrices."""
    flops, nbytes = own["matmul_cost"](*sizes)
    return float(flops / nbytes)


def explained(text: str) -> str:
    return text.split("<summary>해설", 1)[1]


def test_the_titan_x_does_6_6_tera_a_second(own: dict[str, Any], peak: float, cells: dict[str, str]) -> None:
    assert (own["CORES"], own["CLOCK"], own["BANDWIDTH"]) == (3072, 1.075e9, 336.5e9)
    assert round(peak / 1e12, 1) == 6.6
    assert round(180e12 / peak) == 27
    assert "27배" in cells["explain-facts"]
    assert round(own["peak_flops"](own["CORES"], 1.0e9) / 1e12, 1) == 6.1, "without the boost clock"
    assert "부스트 클럭" in cells["theory-peak"]


def test_doubling_takes_1_63_years_where_moore_says_two(own: dict[str, Any], cells: dict[str, str]) -> None:
    years = own["doubling_years"](5000, 20)
    assert round(years, 2) == 1.63
    assert own["doubling_years"](1024, 20) == pytest.approx(2)
    assert 4.8 < 5000 / 1024 < 5
    for stated in ("1.63년", "1024배", "다섯 배 가까이", "6.1조"):
        assert stated in cells["explain-facts"]


def test_the_ridge_and_what_lies_left_and_right_of_it(own: dict[str, Any], peak: float, cells: dict[str, str]) -> None:
    ridge = own["ridge_point"](peak, own["BANDWIDTH"])
    assert round(ridge, 1) == 19.6
    assert round(4 * ridge) == 79
    assert round(100 * own["roofline"](1 / 12, peak, own["BANDWIDTH"]) / peak, 1) == 0.4
    square = [intensity(own, n, n, n) for n in (117, 118)]
    assert square[0] < ridge < square[1]
    assert square[1] == pytest.approx(118 / 6)
    layer = {batch: intensity(own, batch, 4096, 4096) for batch in (1, 40, 41, 128)}
    assert layer[40] < ridge < layer[41]
    assert layer[1] == pytest.approx(0.5, abs=0.001)
    assert round(layer[128]) == 60
    for stated in ("19.6", "79번", "1/12", "0.4%", "n \\ge 118", "약 0.5", "약 60", "41 이상"):
        assert stated in explained(cells["explain-a"])
    assert all(stated in cells["reflection"] for stated in ("19.6", "6.6 TFLOP/s", "1/12", "0.4%"))


def test_the_cost_of_layers_is_proportional_to_depth(own: dict[str, Any], cells: dict[str, str]) -> None:
    def cost(depth: int) -> int:
        return sum(own["matmul_cost"](32, 100, 100)[0] for _ in range(depth))

    assert [cost(depth) / cost(1) for depth in (1, 2, 4, 8)] == [1, 2, 4, 8]
    assert "깊이에 비례" in cells["sources"]


def test_amdahl_leaves_what_is_not_accelerated(own: dict[str, Any], cells: dict[str, str]) -> None:
    amdahl = own["amdahl"]
    assert round(amdahl(0.9, 100), 1) == 9.2
    for p in (0.5, 0.9, 0.95, 0.99):
        assert amdahl(p, math.inf) == pytest.approx(1 / (1 - p))
    assert own["amdahl_fraction"](20, 100) == pytest.approx(0.96, abs=0.001)
    for stated in ("9.2배", "10배", "약 96%"):
        assert stated in explained(cells["explain-b"])
    assert math.isnan(math.inf * 0)
    assert math.isnan(math.inf - math.inf)


def test_the_toy_device_shows_the_three_traps(own: dict[str, Any], cells: dict[str, str]) -> None:
    def measured(warmup: int, waits: bool, key: str) -> float:
        toy = own["ToyDevice"]()
        found = own["benchmark"](toy.run, warmup, 10, toy.synchronize if waits else None, toy.now)
        return float(found[key] * 1e3)

    assert measured(3, True, "median") == pytest.approx(2.01)
    assert measured(3, False, "median") == pytest.approx(0.01)
    assert measured(0, True, "mean") == pytest.approx(21.81)
    assert measured(0, True, "median") == pytest.approx(2.01)
    for stated in ("0.01 ms", "200분의 1", "열 배쯤"):
        assert stated in explained(cells["explain-c"])


def test_the_median_of_torch_takes_the_lower_of_two() -> None:
    times = torch.tensor([1.0, 2.0, 4.0, 8.0])
    assert (times.median().item(), np.median(times.numpy())) == (2.0, 3.0)


def test_two_loops_need_four_times_the_operations_for_twice_the_points(own: dict[str, Any]) -> None:
    counts = {}
    for name in ("by_loops", "pairwise_sq_dists"):
        for n in (4, 8, 16):
            X, Y = torch.randn(n, 16), torch.randn(n, 16)
            with own["OpCount"]() as counter:
                own[name](X, Y)
            counts[name, n] = counter.total
    for n in (4, 8):
        assert counts["by_loops", 2 * n] / counts["by_loops", n] == pytest.approx(4, rel=0.02)
        assert counts["pairwise_sq_dists", 2 * n] == counts["pairwise_sq_dists", n]
    X, Y = torch.randn(5, 3), torch.randn(4, 3)
    assert torch.allclose(own["by_loops"](X, Y), own["pairwise_sq_dists"](X, Y), atol=1e-5)


def test_the_expanded_square_can_be_negative(own: dict[str, Any]) -> None:
    for seed in range(5):
        source = torch.Generator().manual_seed(seed)
        X = 300 * torch.randn(1, 8, generator=source) + 1e-3 * torch.randn(40, 8, generator=source)
        assert ((X * X).sum(1)[:, None] - 2 * X @ X.T + (X * X).sum(1)).min() < 0
        assert own["pairwise_sq_dists"](X, X).min() >= 0


def test_the_example_machines_cross_where_the_notebook_says(own: dict[str, Any], cells: dict[str, str]) -> None:
    sizes, found = own["SIZES"], {}
    assert (sizes[0], sizes[-1]) == (16, 4096)
    for kind in ("matmul", "add"):
        cpu, gpu, moving = own["model_times"](kind)
        for share in (1.0, 0.0, 0.01):
            index = own["crossover"](cpu, gpu, [share * t for t in moving])
            found[kind, share] = None if index is None else sizes[index]
    assert found == {
        **{("matmul", 1.0): 128, ("matmul", 0.0): 64, ("matmul", 0.01): 64},
        **{("add", 1.0): None, ("add", 0.0): 256, ("add", 0.01): 256},
    }
    for stated in ("$n = 64$부터, 넣으면 $n = 128$부터", "$n = 256$부터"):
        assert stated in explained(cells["explain-h"])
    # The sum never pays, whatever its size: a byte takes longer on the way than on the CPU.
    assert 1 / 12e9 > 1 / 20e9


def test_no_time_of_the_students_machine_is_stated(cells: dict[str, str]) -> None:
    for cell in ("explain-f", "explain-g"):
        assert not re.search(r"\d\s*(ms|µs|초(?!에)|배 빠|배 느)", cells[cell])
    measured = explained(cells["explain-d"]).split("**이 컴퓨터.**", 1)[1]
    assert not re.search(r"\d\s*(ms|µs|[GT]FLOP)", measured)
    for cell in ("experiment-c", "experiment-h"):
        assert "GPU를 찾지 못" in cells[cell]
    assert "예시로 정한 값" in cells["predict-h"]
    assert "진짜 GPU에서 잰 값이 들어 있지 않습니다" in cells["predict-d"]


def test_every_timing_experiment_reads_the_stopwatch(cells: dict[str, str]) -> None:
    timed = {name for name, source in cells.items() if name.startswith("experiment") and "benchmark(" in source}
    assert timed == {"experiment-c", "experiment-d", "experiment-f", "experiment-g", "experiment-h"}
    for cell in ("experiment-d", "experiment-f", "experiment-g"):
        assert "tell_if_busy(*watches)" in cells[cell]
        assert "timer=watches[-1]" in cells[cell]


def published(cells: dict[str, str]) -> dict[str, tuple[int, float, float]]:
    """The table of GPUs in experiment d: cores, Hz, byte/s."""
    code = cells["experiment-d"]
    found: dict[str, Any] = {}
    exec(code[: code.index("if ready(")], found)
    return dict(found["GPUS"])


def test_the_published_roofs_are_those_of_the_data_sheets(own: dict[str, Any], cells: dict[str, str]) -> None:
    """TFLOP/s as NVIDIA states them: 1.58, 6.6, 15.7, 19.5 and 67 (66.9)."""
    gpus = published(cells)
    tops = [own["peak_flops"](cores, clock) for cores, clock, _ in gpus.values()]
    assert [round(top / 1e12, 2) for top in tops] == [1.58, 6.60, 15.67, 19.49, 66.91]
    for cores, clock, bandwidth in gpus.values():
        assert f"| {cores} | {clock / 1e9:.3f} | {bandwidth / 1e9:g} |" in cells["predict-d"]
    bandwidths = [bandwidth for *_, bandwidth in gpus.values()]
    assert (round(tops[-1] / tops[0]), round(bandwidths[-1] / bandwidths[0])) == (42, 17)
    ridges = [round(own["ridge_point"](t, b), 1) for t, b in zip(tops, bandwidths, strict=True)]
    assert (ridges[0], ridges[1], ridges[3], ridges[4]) == (8.2, 19.6, 12.5, 20.0)
    for stated in ("1.58, 6.60, 15.67, 19.49, 66.91", "42배", "17배", "8.2에서 20.0", "19.6이 2020년에 12.5"):
        assert stated in explained(cells["explain-d"])
    assert own["matmul_cost"](8, 8, 8)[0] == 1024


def test_waiting_costs_what_was_overlapping(own: dict[str, Any], cells: dict[str, str]) -> None:
    code = cells["experiment-e"]
    exec(code[: code.index("WAYS =")], own)
    found = {every: own["toy_training"](100, every)[:2] for every in (None, 10, 1)}
    assert {every: (round(total), waits) for every, (total, waits) in found.items()} == {
        **{None: (102, 0), 10: (111, 10), 1: (201, 100)}
    }
    for stated in ("102 ms", "201 ms", "111 ms"):
        assert stated in explained(cells["explain-e"])


@pytest.fixture(scope="module")
def nets(own: dict[str, Any]) -> dict[str, list[float]]:
    """FLOP of the layers of the two papers' nets; in 1989's second layer a map sees 8 of 12."""
    lenet = [float(flops) for flops in own["model_flops"](own["lenet_1989"](), (1, 16, 16))]
    lenet[1] *= 8 / 12
    return {"1989": lenet, "2012": [float(f) for f in own["model_flops"](own["alexnet_2012"](), (3, 224, 224))]}


def test_the_papers_own_counts_fit_the_formula_where_they_do(
    own: dict[str, Any], nets: dict[str, list[float]], cells: dict[str, str]
) -> None:
    """LeCun et al. 1989: 64,660 connections, 9,760 parameters. Krizhevsky et al. 2012: 60 million parameters."""
    units = [12 * 64, 12 * 16, 30, 10]
    assert sum(nets["1989"]) == 127_320
    assert sum(nets["1989"]) / 2 + sum(units) == 64_660
    # The first two layers have a bias for each unit, and the second sees 8 maps.
    assert 12 * 25 + units[0] + 12 * 8 * 25 + units[1] + 193 * 30 + 31 * 10 == 9_760
    alexnet = own["alexnet_2012"]()
    assert sum(p.numel() for p in alexnet.parameters()) == 60_965_224
    assert 55 * 55 * 96 == 290_400 != 253_440
    dense = sum(nets["2012"][-3:]) / sum(nets["2012"])
    weights = sum(p.numel() for layer in list(alexnet)[-5::2] for p in layer.parameters())
    assert (round(100 * dense, 1), round(100 * weights / 60_965_224)) == (8.1, 96)
    assert round(sum(nets["2012"]) / 1e9, 2) == 1.45
    for stated in ("127,320", "63,660", "64,660", "60,965,224", "253,440", "290{,}400", "96%", "8%"):
        assert stated in explained(cells["explain-i"])
    for stated in ("64,660", "9,760"):
        assert stated in cells["predict-i"]


def test_torch_counts_the_same_flops_forward_and_backward(own: dict[str, Any], nets: dict[str, list[float]]) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    net, x = own["lenet_1989"](), torch.randn(1, 1, 16, 16)
    with FlopCounterMode(display=False) as forward:
        net(x)
    with FlopCounterMode(display=False) as both:
        net(x).sum().backward()
    layers = own["model_flops"](net, (1, 16, 16))
    assert forward.get_total_flops() == sum(layers)
    assert both.get_total_flops() == own["training_chain"](layers, 1, 1, 1, 1e9, 1)["step"]


def test_the_chain_from_1989_to_2012(own: dict[str, Any], nets: dict[str, list[float]], cells: dict[str, str]) -> None:
    sun, gtx, h100 = 16.67e6, 2 * own["peak_flops"](512, 1.544e9), own["peak_flops"](16896, 1.980e9)
    lenet = own["training_chain"](nets["1989"], 7291, 23, 3, sun, h100)
    alexnet = own["training_chain"](nets["2012"], 1_200_000, 90, 5.5, gtx, h100)
    then = own["training_chain"](nets["2012"], 1_200_000, 90, 5.5, gtx, sun, share=lenet["share"])["days"]

    assert f"{lenet['total']:.1e} {alexnet['total']:.1e}" == "5.8e+10 4.5e+17"
    assert round(alexnet["total"] / lenet["total"] / 1e6) == 8
    assert (round(lenet["share"], 3), round(alexnet["share"], 2)) == (0.013, 0.30)
    assert 60_000 < then / 365.25 < 65_000
    assert round(24 * alexnet["days"], 1) == 6.2
    growth = alexnet["rate"] / lenet["rate"]
    assert round(growth / 1e6) == 4
    assert round(own["doubling_years"](growth, 23), 2) == 1.04
    cpu = 5000 ** (23 / 20)
    assert (round(cpu, -3), round(growth / cpu, -1)) == (18_000, 240)
    assert round(60_965_224 * 4 / 1e6) == 244
    for stated in (
        "6만 년",
        "5.8\\times10^{10}",
        "4.5\\times10^{17}",
        "8백만 배",
        "4백만 배",
        "1.04년",
        "1만 8천 배",
        "240배",
    ):
        assert stated in explained(cells["explain-j"])
    row = changes()["04"]
    assert row.before == pytest.approx(then, abs=1)
    assert row.after == 5.5


def test_the_baseline_of_the_open_problem(own: dict[str, Any], cells: dict[str, str]) -> None:
    code, problem = cells["open-baseline"], open_problems()["04"]
    exec(code[: code.index("LAST =")], own)
    data = own["digits"]()
    arrays = (data.x_train, data.y_train, data.x_test, data.y_test)
    found = [own["trained_accuracy"](own["build"], *arrays, seed) for seed in range(3)]

    assert sum(found) / 3 >= 0.98
    assert sum(own["model_flops"](own["build"](), (64,))) == problem.baseline == 9472
    assert sum(p.numel() for p in own["build"]().parameters()) <= problem.budget
    assert all("9,472" in cells[cell] for cell in ("reflection-text", "reflection"))


# -- badges ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def suite() -> Suite:
    """The hidden suite of this assignment."""
    return Suite.collect(assignment(ID))


def run(suite: Suite, own: dict[str, Any], test: HiddenTest, *, badges: bool = True, **names: Any) -> TestOutcome:
    """Run one badge test with the CPU as its device, for functions of the notebook; `names` replace some."""
    sandbox = InProcessSandbox()
    sandbox.namespace.update({**own, **names})
    scene = Scene([], suite.assignment.questions, {})
    limits = suite.assignment.limits
    with QuestionRun(suite, sandbox, scene, limits, b"secret" * 4, badges=badges) as question:
        return question.run(test)


def badges(suite: Suite) -> dict[str, HiddenTest]:
    return {test.name: test for test in suite.tests if test.badge}


def test_badges_wait_on_a_cpu_and_carry_no_points(suite: Suite, own: dict[str, Any]) -> None:
    assert suite.assignment.runner == "gpu"
    assert len(badges(suite)) >= 4
    assert sum(test.points for test in suite.tests) == 100
    for test in badges(suite).values():
        outcome = run(suite, own, test, badges=False)
        assert (outcome.outcome, outcome.points, outcome.badge) == (Outcome.DEFERRED, 0, True)


@pytest.fixture
def small(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems that a CPU measures in no time."""
    for test in badges(suite).values():
        names = test.item.function.__globals__
        for name, value in {"SIZE": 64, "SIZES": [8, 32, 256]}.items():
            if name in names:
                monkeypatch.setitem(names, name, value)


UNTIMED = (
    "test_q6_badge_a_container_comes_back_from_the_gpu",
    "test_q6_badge_training_on_the_gpu_agrees_with_the_cpu",
    "test_q7_badge_distances_on_the_gpu",
    "test_q8_badge_crossover_of_measured_times",
)


@pytest.mark.parametrize("name", UNTIMED)
@pytest.mark.usefixtures("small")
def test_the_badges_judge_the_solution_where_the_cpu_stands_in(suite: Suite, own: dict[str, Any], name: str) -> None:
    outcome = run(suite, own, badges(suite)[name])
    assert outcome.outcome is Outcome.PASSED, outcome.detail


WRONG = {
    UNTIMED[0]: ("to_device", lambda obj, device: [obj]),
    UNTIMED[1]: ("train_step", lambda model, *rest: next(model.parameters()).data.add_(torch.rand(1)).sum()),
    UNTIMED[2]: ("pairwise_sq_dists", torch.cdist),
    UNTIMED[3]: ("crossover", lambda cpu, gpu, transfer: len(cpu)),
}


@pytest.mark.parametrize("name", UNTIMED)
@pytest.mark.usefixtures("small")
def test_the_badges_fail_a_wrong_function(suite: Suite, own: dict[str, Any], name: str) -> None:
    function, wrong = WRONG[name]
    assert run(suite, own, badges(suite)[name], **{function: wrong}).outcome is Outcome.FAILED


class Clocked:
    """A benchmark that answers with given seconds, for the badge whose real answer depends on the machine."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self, fn: Any, **options: Any) -> dict[str, Any]:
        fn()
        return {"median": self.seconds, "mean": 0.0, "min": 0.0, "max": 0.0, "times": [self.seconds]}


@pytest.mark.usefixtures("small")
def test_the_timing_badge_refuses_what_no_machine_can_have_taken(suite: Suite, own: dict[str, Any]) -> None:
    test = badges(suite)["test_q5_badge_measures_a_real_gpu"]
    for seconds in (1e-9, 1e9):
        assert run(suite, own, test, benchmark=Clocked(seconds)).outcome is Outcome.FAILED
