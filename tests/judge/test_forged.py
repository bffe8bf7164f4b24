"""Whatever a sandbox answers, a hidden test is passed or failed by it, and never ends in an error of ours.

The instructor's own answers give the honest replies; these are spoilt in every way that the codec lets through. Every
day a few forgeries of each test, many in the soak. ``python -m autograder.judge.local ID FILE --forged N`` does the
same for whoever writes a suite.
"""

from __future__ import annotations

import contextlib
import math
import signal
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import torch

from autograder.catalog import load_assignment, read_master
from autograder.judge.forged import Forgery, Rehearsal
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.suite import HiddenTest, Suite
from autograder.model import Outcome
from autograder.sandbox import Allowance
from tests.grading.works import IDS, ROOT
from tests.judge.conftest import SuiteFolder

SECRET = b"of the forged answers"
EVERYDAY = 2
SOAK = 400
SLOW = (
    "test_q7_trains_as_described_and_tells_shares",
    "test_q7_deep_tanh_and_relu_learn",
    "test_q7_width_steps_and_rate_are_used",
    "test_q8_trains_as_stated",
    "test_q8_deep_relu_learns_from_he_only",
    "test_q7_pretrained_features_beat_random_ones",
)
"""Honest replies that take a good part of a second each: forged in the soak."""
PATIENCE_SECONDS = 20
"""For one run on forged replies: a hundred times what the slowest took."""


class Endless(BaseException):
    """A test did not come to its end."""


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Raise `Endless` where a run takes far too long."""

    def stop(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def notebook(sources: list[str]) -> InProcessSandbox:
    """A sandbox in this process in which these cells have run."""
    sandbox, unlimited = InProcessSandbox(), Allowance(math.inf, math.inf, math.inf)
    for index, source in enumerate(sources):
        assert sandbox.run_cell(source, index=index, allowance=unlimited).status == "ok", source
    return sandbox


@cache
def rehearsal(assignment_id: str) -> tuple[Suite, Rehearsal]:
    """The suite of an assignment, and the instructor's own answers to it."""
    assignment = load_assignment(assignment_id, ROOT)
    cells = [cell for cell in read_master(assignment)["cells"] if cell["cell_type"] == "code"]
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells]
    kept = ["".join(c["source"]) for c, name in zip(cells, ids, strict=True) if name and not name.endswith("-check")]
    suite = Suite.collect(assignment)
    return suite, Rehearsal(suite, notebook(kept), SECRET)


def forged(honest: Rehearsal, test: HiddenTest, seeds: range) -> list[Forgery]:
    """The runs of one test on forged replies that ended in an error."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a complex number cast to a real one
        for seed in seeds:
            with patience():
                run = honest.forge(test, seed)
            if run.judgement.outcome not in (Outcome.PASSED, Outcome.FAILED):
                found.append(run)
    return found


def _told(found: list[Forgery]) -> list[str]:
    return [f"{run.test}, seed {run.seed}: {run.what}\n{run.judgement.detail[-600:]}" for run in found]


@pytest.mark.parametrize("assignment_id", IDS)
def test_no_forged_answer_makes_a_test_raise(assignment_id: str) -> None:
    suite, honest = rehearsal(assignment_id)

    chosen = [test for test in suite.tests if not test.badge and test.name not in SLOW]
    faults = [
        fault for place, test in enumerate(chosen) for fault in forged(honest, test, range(place, place + EVERYDAY))
    ]

    assert _told(faults) == []


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_no_forged_answer_makes_any_test_raise(assignment_id: str) -> None:
    suite, honest = rehearsal(assignment_id)

    faults = [fault for test in suite.tests if not test.badge for fault in forged(honest, test, range(100, 100 + SOAK))]

    assert _told(faults) == []


CARELESS = {
    "index": ("student.probe('report')['a'][0]", "KeyError IndexError TypeError"),
    "logarithm": ("__import__('math').log(expect(student.f(1)).number())", "ValueError TypeError OverflowError"),
    "shape": ("expect(student.g(2)).tensor() @ torch.ones(3, 2)", "RuntimeError"),
    "power": ("expect(student.f(1)).finite().number() ** 30", "OverflowError"),
    "whole": ("int(expect(student.f(1)).number())", "ValueError OverflowError"),
    "truth": ("bool(student.f(1) == 2.5)", "RuntimeError ValueError"),
    "unlike": ("expect(1.0).close_to(expect(student.f(1)).number())", "ValueError"),
}


@pytest.mark.parametrize("careless", CARELESS)
def test_a_careless_test_is_found(suites: SuiteFolder, careless: str) -> None:
    """See the search find what it is for."""
    expression, errors = CARELESS[careless]
    tests = f"""
    @points(1)
    def test_careless(student):
        \"\"\"정성 없는 테스트\"\"\"
        try:
            {expression}
        except AssertionError:
            if {careless != "unlike"}:
                raise
    """
    probes = "def report():\n    return {'a': [student.f(1)], 'b': None}\n"
    suite = suites.write({"test_q1.py": tests, "probes.py": probes}, {"q1": (1, ["f", "g"])})
    work = notebook(["import torch\ndef f(x):\n    return 2.5\ndef g(n):\n    return torch.ones(n, 3)"])

    found = forged(Rehearsal(suite, work, SECRET), suite.tests[0], range(300))

    kinds = {run.judgement.detail.strip().splitlines()[-1].partition(":")[0] for run in found}
    assert kinds & set(errors.split()), kinds


def test_a_careful_test_is_not(suites: SuiteFolder) -> None:
    tests = """
    @points(1)
    def test_careful(student):
        \"\"\"조심스러운 테스트\"\"\"
        report = expect(student.probe("report")).mapping(("a", "b"))
        numbers = [entry.real() for entry in report.item("a").each(2)]
        require(numbers[1] > 1e-90, "0보다 커야 합니다.")
        require(math.log(numbers[1]) < 9.0, "너무 큽니다.")
        value = expect(student.g(2)).shape(2, 3).reals()
        expect(value).close_to(value * numbers[0], own=True)
        require(report.item("b").text() == "x" and report.item("a").truth() is False, "다릅니다.")
    """
    probes = "def report():\n    return {'a': [student.f(1), student.f(1)], 'b': 'x'}\n"
    careful = tests.replace(' and report.item("a").truth() is False', "")
    suite = suites.write({"test_q1.py": careful, "probes.py": probes}, {"q1": (1, ["f", "g"])})
    work = notebook(["import torch\ndef f(x):\n    return 1.0\ndef g(n):\n    return torch.ones(n, 3)"])

    assert _told(forged(Rehearsal(suite, work, SECRET), suite.tests[0], range(300))) == []


def test_a_forgery_is_the_same_each_time() -> None:
    suite, honest = rehearsal("03-optimizers")
    test = suite.tests[0]

    runs: list[list[Any]] = [[honest.forge(test, seed) for seed in range(20)] for _ in range(2)]

    assert [run.what for run in runs[0]] == [run.what for run in runs[1]]
    assert [run.judgement.outcome for run in runs[0]] == [run.judgement.outcome for run in runs[1]]
    assert {run.judgement.outcome for run in runs[0]} >= {Outcome.FAILED}


def test_the_honest_replies_pass_when_nothing_is_spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else every forgery would fail for want of the right input, and find nothing."""
    monkeypatch.setattr("autograder.judge.forged.spoil", lambda value, rng: (value, "nothing"))
    suite, honest = rehearsal("02-weight-init")

    outcomes = {honest.forge(test, 0).judgement.outcome for test in suite.tests if test.name not in SLOW}

    assert outcomes == {Outcome.PASSED}


def test_replies_are_not_shared_between_runs() -> None:
    """A test may compute in place with what it got."""
    suite, honest = rehearsal("03-optimizers")
    test = next(test for test in suite.tests if test.name == "test_q4_steady_gradient_gives_steady_steps")
    before = [reply.value["path"][0].clone() for reply in honest.replies(test)]

    honest.forge(test, 3)

    after = [reply.value["path"][0] for reply in honest.replies(test)]
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
