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

from autograder.catalog import load_assignment
from autograder.cli import main
from autograder.errors import AssignmentError, InfrastructureError
from autograder.grading import engines
from autograder.grading.engines import Engine
from autograder.grading.ledger import Ledger
from autograder.grading.trial import SUITE_WRONG, kept_trial
from autograder.judge import Judge
from tests.grading.kit import DOUBLE, ID, SECRET, TEST_Q1, TOTAL, Kit


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


@pytest.mark.parametrize(
    "what",
    [
        "suite",
        "secret",
        pytest.param("master", marks=pytest.mark.soak),
        pytest.param("support file", marks=pytest.mark.soak),
    ],
)
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
