"""What a changed suite would do to a class is seen before anything is graded again, and changes nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from autograder.comparison import compare_suite
from autograder.grading import engines
from autograder.grading.engines import Engine
from autograder.grading.identity import SECRET_VARIABLE
from autograder.grading.runs import Figures
from autograder.judge import Judge
from autograder.session import GradeOptions, grade_class
from autograder.terminal import print_comparison
from tests.grading.kit import DOUBLE, ID, TOTAL, Kit
from tests.grading.test_figures import hand_in

pytestmark = pytest.mark.xdist_group("heavy")
ZERO = "def double(x):\n    return 0 * x"


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_judge: Judge) -> Kit:
    made = Kit(tmp_path, real_judge)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.suite.parent))
    monkeypatch.setenv(SECRET_VARIABLE, "a secret of these tests")
    monkeypatch.setattr(engines, "open_engine", lambda *_, **__: lent(made))
    made.master({"q1": DOUBLE, "q2": TOTAL}, experiment="")
    (tmp_path / "inbox").mkdir()
    hand_in(made, "right")
    hand_in(made, "wrong", q1=ZERO)
    return made


@contextmanager
def lent(kit: Kit) -> Iterator[Engine]:
    with ThreadPoolExecutor(1) as executor:
        yield Engine(executor, kit.grade_job, 1, kit.grade_job, 0, list)


def options(kit: Kit) -> GradeOptions:
    return GradeOptions(ID, (kit.root / "inbox",), kit.root / "out", slots=1, root=kit.root, figures=Figures.NEVER)


def content(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_new_weights_are_seen_and_nothing_is_changed(kit: Kit) -> None:
    grade_class(options(kit))
    before = content(kit.root / "out")
    kit.edit("test_q1.py", "@points(6)", "@points(9)")
    kit.edit("test_q1.py", "@points(4)", "@points(1)")

    found = compare_suite(options(kit))

    assert content(kit.root / "out") == before
    assert [(c.student, c.kept, c.new, c.questions["q1"]) for c in found.changes] == [
        ("right", 20, 20, (10, 10)),
        ("wrong", 14, 11, (4, 1)),
    ]
    assert [c.student for c in found.moved] == ["wrong"]
    assert found.means == (17, 15.5)
    assert not found.same_suite
    said = io.StringIO()
    print_comparison(Console(file=said, width=120), found)
    assert "내리는 학생 1명, 그대로인 학생 1명" in said.getvalue()
    assert "평균 17.0 → 15.5" in said.getvalue()


def test_work_handed_in_since_and_work_never_graded_are_told(kit: Kit) -> None:
    grade_class(options(kit))
    hand_in(kit, "wrong")
    hand_in(kit, "new")

    found = compare_suite(options(kit))

    told = {c.student: (c.kept, c.new, c.other_work) for c in found.changes}
    assert told == {"right": (20, 20, False), "wrong": (14, 20, True), "new": (None, 20, False)}
    assert found.same_suite


def test_a_class_that_was_never_graded_has_nothing_to_compare_with(kit: Kit) -> None:
    found = compare_suite(options(kit))

    assert {c.kept for c in found.changes} == {None}
    assert found.means is None
    assert not (kit.root / "out").exists()
