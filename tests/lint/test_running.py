"""What only running shows: public checks, limits, cells of the master, a test that one draw in many loses."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from autograder.catalog import load_assignment
from autograder.findings import Finding
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.secrets import trial_secret
from autograder.judge import Judge
from autograder.lint.running import run_checks
from tests.grading.kit import DOUBLE, ID, SECRET, TOTAL, Kit

CHECK = """\
from course.checks import require, test_case

OK_FORMAT = False
name = "{question}"
points = 10


@test_case(points=10, name="값")
def test_value({name}):
    require({condition}, "값이 다릅니다.")
"""


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_judge: Judge) -> Kit:
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    made = Kit(tmp_path, real_judge)
    made.master({"q1": DOUBLE, "q2": TOTAL}, "")
    write_check(made, "q1", "double", "double(2) == 4")
    write_check(made, "q2", "total", "total([1, 2]) == 6")
    return made


def write_check(kit: Kit, question: str, name: str, condition: str) -> None:
    folder = kit.root / "solutions" / ID / "checks"
    folder.mkdir(exist_ok=True)
    text = CHECK.format(question=question, name=name, condition=condition)
    (folder / f"{question}.py").write_text(text, encoding="utf-8")


@pytest.fixture
def look(kit: Kit) -> Callable[..., list[Finding]]:
    def run(secrets: int = 1) -> list[Finding]:
        with closing(Ledger("sqlite://")) as unused, ThreadPoolExecutor(1) as executor:
            opened = open_run(load_assignment(ID, kit.root), unused, SECRET)
            drawn = [trial_secret(number) for number in range(secrets - 1)]
            return run_checks(opened, executor, kit.grade_job, secrets=drawn, parts=1)

    return run


def test_a_right_assignment_has_no_findings(look: Callable[..., list[Finding]]) -> None:
    assert look() == []


def test_a_public_check_that_rejects_the_right_answer_is_found(kit: Kit, look: Callable[..., list[Finding]]) -> None:
    write_check(kit, "q1", "double", "double(2) == 5")

    assert [(f.code, f.file) for f in look()] == [("check-rejects", "checks/q1.py")]


def test_a_public_check_that_accepts_an_unwritten_answer_is_found(kit: Kit, look: Callable[..., list[Finding]]) -> None:
    write_check(kit, "q2", "", "True")

    assert [(f.code, f.file) for f in look()] == [("check-accepts", "checks/q2.py")]


def test_a_limit_that_the_instructors_answer_nearly_uses_is_found(kit: Kit, look: Callable[..., list[Finding]]) -> None:
    kit.edit("assignment.toml", "points = 20\n", "points = 20\n\n[limits]\ncell_seconds = 0.3\n")
    busy = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end:\n    pass"
    kit.master({"q1": DOUBLE, "q2": TOTAL}, busy)

    assert [f.code for f in look()] == ["limit-near"]


def test_a_cell_of_the_master_that_stops_is_found(kit: Kit, look: Callable[..., list[Finding]]) -> None:
    kit.master({"q1": DOUBLE, "q2": TOTAL}, "1 / 0")

    found = look()

    assert {f.code for f in found} == {"master-stops"}
    assert "ZeroDivisionError" in found[0].detail


def test_a_test_that_loses_under_one_secret_in_many_is_found(kit: Kit, look: Callable[..., list[Finding]]) -> None:
    kit.edit("test_q1.py", "    drawn =", "    require(rng.random() < 0.8, '뽑기')\n    drawn =")

    (found,) = look(20)

    assert found.code == "trial-lost"
    assert "20벌 가운데" in found.message
