"""Works of the corpus are graded by all graders in turn; what a further one costs is told from what starting costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.bench import real, table
from tests.bench.machine import Cost, used
from tests.bench.real import Graded, Notebooks
from tests.grading.works import IDS

Called = list[tuple[str, list[str]]]


@pytest.mark.parametrize("assignment_id", IDS)
def test_each_assignment_has_enough_different_works(assignment_id: str) -> None:
    works = real.chosen(assignment_id, real.WORKS)
    assert len(works) == len(set(works.values())) == real.WORKS
    assert list(works) == sorted(works)  # the order in which a folder of them is graded
    assert all(json.loads(text)["metadata"]["kernelspec"]["name"] == "python3" for text in works.values())


class Fake:
    """A grader of a fixed price, in place of `real.Ours` and the peers."""

    def __init__(self, name: str, start_up: float, each: float, called: Called) -> None:
        self._name, self._start_up, self._each, self._called = name, Cost(start_up, start_up), each, called

    def __call__(self, _place: Path, _assignment_id: str) -> Fake:
        return self

    def grade(self, works: Notebooks, pages_of: Sequence[str] = ()) -> Graded:
        self._called.append((self._name, list(works)))
        costs = dict.fromkeys(works, Cost(self._each, self._each))
        return Graded(self._start_up, costs, len(works), Cost(2.0, 2.0) if pages_of else None, {})


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Called:
    found: Called = []
    monkeypatch.setattr(real, "Ours", Fake("ours", 10.0, 1.0, found))
    monkeypatch.setattr(real, "Nbgrader", Fake("nbgrader", 3.0, 9.0, found))
    monkeypatch.setattr(real, "Otter", Fake("otter", 8.0, 6.0, found))
    return found


def test_the_graders_take_turns_on_the_same_works(called: Called, tmp_path: Path) -> None:
    figures = real.compare(tmp_path, IDS)["assignments"]

    order = ["ours", "nbgrader", "otter"] * 2
    assert [name for name, _ in called] == [*order[:3], *order[1:4], *order[2:5], *order[:3], *order[1:4]]
    for first in range(0, len(called), 3):
        works = dict(called[first : first + 3])
        assert {name: len(found) for name, found in works.items()} == {"ours": 24, "nbgrader": 4, "otter": 2}
        # Ours of the very first one cannot be told from the start-up.
        assert set(works["otter"]) < set(works["nbgrader"]) < set(works["ours"][1:])
    for found in figures.values():
        assert found["ratios"]["nbgrader / score"]["cpu"] == 9.0
        assert found["ratios"]["nbgrader / page"]["cpu"] == 3.0
        assert found["ratios"]["otter / score"]["cpu"] == 6.0


def test_a_quick_comparison_is_of_one_assignment_once(called: Called, tmp_path: Path) -> None:
    figures = real.compare(tmp_path, **real.QUICK)["assignments"]
    assert len(figures) == 1
    assert [(name, len(works)) for name, works in called] == [("ours", 3), ("nbgrader", 1), ("otter", 1)]


def test_what_a_work_costs_is_told_from_what_starting_costs() -> None:
    """Starting takes 10 s of CPU, a score 1 s (one of them 1.5 s), a page 4 s."""
    scores: list[list[Any]] = [["a", 11.0, 6.0], ["b", 12.0, 7.0], ["c", 13.5, 8.0]]
    marks = {"scores": scores, "pages": [[13.6, 8.1], [17.6, 12.1]]}

    graded = real.of_ours(marks, Cost(18.0, 13.0))

    assert {student: cost.cpu for student, cost in graded.works.items()} == {"b": 1.0, "c": 1.5}
    assert graded.pages is not None and graded.pages.cpu == pytest.approx(4.0)
    assert graded.start_up.cpu == pytest.approx(18.0 - 3 * 1.25 - 4.0)
    assert graded.count == 3


def test_the_table_has_a_row_for_each_assignment(called: Called, tmp_path: Path) -> None:
    figures = real.compare(tmp_path, IDS)
    for language in ("en", "ko"):
        lines = table.real(figures, language).splitlines()
        assert [line.split("`")[1] for line in lines[2:7]] == list(IDS)
        assert "| 1.0 | 1.0 | 3.0 | 3.0 | 9.0 | 6.0 | 9.0 (3.0) | 6.0 (2.0) |" in lines[2]


def test_used_counts_descendants_that_have_ended() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    before = used(os.getpid())
    subprocess.run([sys.executable, "-c", burn], check=True)
    spent = used(os.getpid()) - before
    assert 0.25 < spent.user + spent.system < 1.0
