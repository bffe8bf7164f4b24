"""A wrong suite never meets a student: the master is graded first, and what it loses is told with file and line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.catalog import load_assignment
from autograder.cli import main
from autograder.errors import AssignmentError, InfrastructureError
from autograder.grading import engines
from autograder.grading.engines import Engine
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.trial import SUITE_WRONG, admit, kept_trial
from autograder.judge import Judge

ID = "tiny"
SECRET = b"a secret of these tests"

TOML = """\
title = "작은 과제"
notebook = "tiny.ipynb"
points = 20

[[questions]]
id = "q1"
title = "두 배"
points = 10
names = ["double"]

[[questions]]
id = "q2"
title = "합"
points = 10
names = ["total"]
"""
TEST_Q1 = '''\
"""Two times."""

import pytest
import torch

from autograder.judge import expect, points, require


def answer(student, reference, xs):
    given = student.double(xs)  # helper
    return expect(given)


@pytest.fixture
def xs(student, rng):
    drawn = torch.from_numpy(rng.normal(size=5))  # fixture
    return drawn


@points(6)
def test_q1_doubles(student, reference, rng, xs):
    """두 배를 구합니다."""
    answer(student, reference, xs).close_to(reference.double(xs))  # test


@points(4)
def test_q1_zero(student):
    """0의 두 배는 0입니다."""
    expect(student.double(torch.zeros(3))).close_to(torch.zeros(3))
'''
TEST_Q2 = '''\
"""Sums."""

import torch

from autograder.judge import expect, leans_on, points

pytestmark = leans_on("double")


@points(10)
def test_q2_sums(student, rng):
    """두 배의 합을 구합니다."""
    xs = torch.from_numpy(rng.normal(size=4))
    expect(student.total(xs)).close_to(2 * xs.sum())
'''
FILES = {
    "assignment.toml": TOML,
    "test_q1.py": TEST_Q1,
    "test_q2.py": TEST_Q2,
    "reference.py": '"""Answers."""\n\n\ndef double(x):\n    return 2 * x\n',
    "probes.py": '"""Probes."""\n\n\ndef stand_in_double(x):\n    return 2 * x\n',
}
DOUBLE = "def double(x):\n    return 2 * x"
TOTAL = "def total(xs):\n    return sum(double(x) for x in xs)"


class Kit:
    """A course of one small assignment, and what grades it."""

    def __init__(self, root: Path, judge: Judge) -> None:
        self.root = root
        self.out = root / "graded"
        self.judge = judge
        self.jobs: list[dict[str, Any]] = []
        self.suite = root / "suites" / ID
        self.suite.mkdir(parents=True)
        for name, text in FILES.items():
            (self.suite / name).write_text(text, encoding="utf-8")
        self.master({"q1": DOUBLE, "q2": TOTAL})

    def master(self, answers: dict[str, str], experiment: str = "print('실험')") -> None:
        cells = [new_markdown_cell("# 과제", metadata=_marks("title", locked=True))]
        cells.append(new_code_cell("import torch", metadata=_marks("setup", locked=True)))
        for question, source in answers.items():
            text = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
            cells.append(new_code_cell(text, metadata=_marks(question, solution=True)))
            check = _marks(f"{question}-check", grade=True, locked=True, points=10)
            cells.append(new_code_cell(f'check("{question}")', metadata=check))
            if experiment:
                cells.append(new_code_cell(experiment))
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"
        folder = self.root / "solutions" / ID
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tiny.ipynb").write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.suite / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def grade_job(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        self.jobs.append(job)
        return self.judge.grade(job, silence=silence)

    def admit(self, grade_job: Any = None, *, secret: bytes = SECRET, again: bool = False) -> None:
        ledger = Ledger(self.root / "ledger.db")
        try:
            run = open_run(load_assignment(ID, self.root), ledger, secret)
            with ThreadPoolExecutor(1) as executor:
                admit(run, self.out, executor, grade_job or self.grade_job, again=again)
        finally:
            ledger.close()

    def refusal(self) -> AssignmentError:
        with pytest.raises(AssignmentError) as caught:
            self.admit()
        return caught.value


def _marks(grade_id: str, **flags: Any) -> dict[str, Any]:
    plain = {"grade_id": grade_id, "grade": False, "locked": False, "solution": False, "schema_version": 3}
    return {"nbgrader": {**plain, **flags}}


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_judge: Judge) -> Kit:
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    return Kit(tmp_path, real_judge)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


INSERTED = {
    "typo in a call": "student.duble(torch.ones(2))",
    "an argument too few": "student.double()",
    "a wrong assertion": "assert torch.ones(3).sum() == 4",
    "a coin flip": "require(rng.random() < 0.5, '앞면이 아닙니다.')",
    "an error of the test's own": "xs_of_nothing()",
}
PLACES = {"test": "    answer(student, reference, xs)", "helper": "    given =", "fixture": "    drawn ="}


EVERYDAY = [
    ("typo in a call", "test"),
    ("an argument too few", "helper"),
    ("a wrong assertion", "fixture"),
    ("a coin flip", "helper"),
    ("an error of the test's own", "fixture"),
]
"""One place for each mistake; the other places take as long and are for the soak."""


@pytest.mark.parametrize(
    ("mistake", "place"),
    [
        pytest.param(mistake, place, marks=() if (mistake, place) in EVERYDAY else pytest.mark.soak)
        for mistake in INSERTED
        for place in PLACES
    ],
)
def test_a_mistake_in_a_test_a_helper_or_a_fixture_is_refused_with_its_line(kit: Kit, mistake: str, place: str) -> None:
    if place == "helper":
        kit.edit("test_q1.py", "def answer(student, reference, xs)", "def answer(student, reference, xs, rng)")
        kit.edit("test_q1.py", "answer(student, reference, xs).", "answer(student, reference, xs, rng).")
        where = "    given ="
    else:
        where = PLACES[place]
    kit.edit("test_q1.py", where, f"    {INSERTED[mistake]}\n{where}")

    refused = kit.refusal()

    assert refused.code == SUITE_WRONG
    text = (kit.suite / "test_q1.py").read_text(encoding="utf-8")
    assert f"test_q1.py {line_of(text, INSERTED[mistake])}번째 줄" in refused.message
    assert "\n" not in refused.message


def test_a_wrong_reference_is_refused_at_the_test_that_compares(kit: Kit) -> None:
    kit.edit("reference.py", "2 * x", "3 * x")

    assert f"test_q1.py {line_of(TEST_Q1, '# test')}번째 줄" in kit.refusal().message


def test_a_wrong_answer_of_the_instructors_own_is_refused(kit: Kit) -> None:
    kit.master({"q1": DOUBLE, "q2": "def total(xs):\n    return 3 * sum(xs)"})

    assert "test_q2.py" in kit.refusal().message


def test_a_wrong_stand_in_is_refused(kit: Kit) -> None:
    """It costs nobody anything until a student's own function is wrong, and then a right answer."""
    kit.edit("probes.py", "2 * x", "3 * x")

    assert "stand_in" in kit.refusal().message


def test_a_master_that_passes_only_with_a_stand_in_is_refused(kit: Kit) -> None:
    kit.edit("test_q2.py", "2 * xs.sum()", "3 * xs.sum()")
    kit.edit("probes.py", "2 * x", "3 * x")

    assert "stand_in" in kit.refusal().message


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("test_q1.py", "@points(4)\n", "", "test_q1_zero"),
        ("test_q1.py", "@points(4)\n", "@points(5)\n", "q1"),
        ("assignment.toml", "points = 20", "points = 20\n\n[limits]\nnotebok_seconds = 180", "notebok_seconds"),
        ("test_q2.py", "test_q2_sums", "test_q1_zero", "test_q1_zero"),
        ("reference.py", "return 2", "return 2 +", "reference.py"),
    ],
)
def test_a_suite_that_does_not_hold_together_is_refused(
    kit: Kit, file: str, before: str, after: str, named: str
) -> None:
    kit.edit(file, before, after)

    refused = kit.refusal()

    assert refused.code in ("suite-invalid", "assignment-invalid")
    assert named in refused.message
    assert file in refused.message


def test_a_right_suite_is_tried_once_and_kept(kit: Kit) -> None:
    kit.admit()
    tried = len(kit.jobs)
    kit.admit()

    assert tried == 1
    assert len(kit.jobs) == tried
    kept = kept_trial(kit.out, load_assignment(ID, kit.root), SECRET)
    assert kept is not None
    assert kept.passed


@pytest.mark.parametrize("what", ["suite", "master", "support file", "secret"])
def test_whatever_decides_the_result_has_it_tried_again(kit: Kit, what: str) -> None:
    kit.admit()
    if what == "suite":
        kit.edit("test_q1.py", "xs).close_to", "xs ).close_to")
    elif what == "master":
        kit.master({"q1": DOUBLE, "q2": TOTAL}, "print('또')")
    elif what == "support file":
        (kit.root / "solutions" / ID / "data.csv").write_text("1,2\n")
    kit.admit(secret=b"another secret of theirs" if what == "secret" else SECRET)

    assert len(kit.jobs) == 2


def test_a_refusal_is_kept_until_the_suite_is_mended_or_staff_ask(kit: Kit) -> None:
    kit.edit("reference.py", "2 * x", "3 * x")
    first = kit.refusal()
    tried = len(kit.jobs)

    assert kit.refusal().message == first.message
    assert len(kit.jobs) == tried, "nothing was run"
    with pytest.raises(AssignmentError):
        kit.admit(again=True)
    assert len(kit.jobs) == 2 * tried
    kit.edit("reference.py", "3 * x", "2 * x")
    kit.admit()


def test_a_loss_that_is_not_seen_a_second_time_refuses_nobody(kit: Kit) -> None:
    """A machine in trouble for a moment says nothing about a suite."""

    def once(job: dict[str, Any], silence: float) -> dict[str, Any]:
        result = kit.grade_job(job, silence)
        if len(kit.jobs) == 1:
            result["tests"][0] |= {"outcome": "failed", "place": "test_q1.py:7"}
        return result

    kit.admit(once)


def test_an_answer_that_needs_an_experiments_cell_is_no_mistake(kit: Kit) -> None:
    kit.master({"q1": DOUBLE, "q2": "def total(xs):\n    return summed(double(xs))"}, "def summed(x): return x.sum()")

    kit.admit()

    assert len(kit.jobs) == 2


@pytest.mark.parametrize("times", [1, 99])
def test_a_busy_machine_is_never_a_wrong_suite(kit: Kit, times: int) -> None:
    left = times

    def busy(job: dict[str, Any], silence: float) -> dict[str, Any]:
        nonlocal left
        left -= 1
        if left >= 0:
            raise InfrastructureError("machine-busy", "바쁩니다.")
        return kit.grade_job(job, silence)

    if times == 1:
        kit.admit(busy)
        return
    with pytest.raises(InfrastructureError) as caught:
        kit.admit(busy)
    assert caught.value.code == "machine-busy"
    assert kept_trial(kit.out, load_assignment(ID, kit.root), SECRET) is None


@pytest.fixture
def command(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``autograder``, with the session's judge in place of slots of its own."""

    @contextlib.contextmanager
    def open_engine(*_: Any, **__: Any) -> Iterator[Engine]:
        with ThreadPoolExecutor(1) as executor:
            yield Engine(executor, kit.grade_job, 1, kit.grade_job, 0, lambda: [])

    monkeypatch.setattr(engines, "open_engine", open_engine)
    work = kit.root / "inbox" / "kim.ipynb"
    work.parent.mkdir()
    work.write_text((kit.root / "solutions" / ID / "tiny.ipynb").read_text(encoding="utf-8"), encoding="utf-8")
    for mark in ("### BEGIN SOLUTION\\n", "\\n### END SOLUTION"):
        work.write_text(work.read_text(encoding="utf-8").replace(mark, ""), encoding="utf-8")

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, [*words, "--root", str(kit.root), "--out", str(kit.out)])

    return run


def test_grade_refuses_a_wrong_suite_before_any_record_and_goes_on_when_it_is_mended(
    kit: Kit, command: Callable[..., Any]
) -> None:
    kit.edit("reference.py", "2 * x", "3 * x")
    refused = command("grade", ID, str(kit.root / "inbox"))

    assert refused.exit_code == 5
    assert "[suite-wrong]" in refused.stderr
    ledger = Ledger(kit.out / "ledger.db")
    assert ledger.latest(ID) == []
    ledger.close()
    assert not (kit.out / "records").exists()
    assert "틀림" in command("list").output

    kit.edit("reference.py", "3 * x", "2 * x")
    assert "아직 확인하지 않음" in command("list").output
    graded = command("grade", ID, str(kit.root / "inbox"), "--json")
    assert graded.exit_code == 0, graded.output
    assert json.loads(graded.stdout)["scores"] == {"kim": 20.0}
    tried = len(kit.jobs)
    assert "확인됨" in command("list").output
    assert len(kit.jobs) == tried, "a list runs nothing"


def test_grade_ends_with_3_where_the_machine_was_too_busy_to_try_the_suite(
    kit: Kit, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> dict[str, Any]:
        raise InfrastructureError("machine-busy", "바쁩니다.")

    monkeypatch.setattr(kit, "grade_job", busy)

    done = command("grade", ID, str(kit.root / "inbox"))

    assert done.exit_code == 3
    assert "[machine-busy]" in done.stderr
