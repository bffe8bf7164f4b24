"""One run over a class: nothing stops it, nothing is lost, our trouble costs no one a point."""

import dataclasses
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import ConfinementError, InfrastructureError
from autograder.grading import pipeline
from autograder.grading.ledger import Job, JobKey, Lease, Ledger
from autograder.grading.pipeline import grade
from autograder.grading.runs import Run
from autograder.intake import Assembled
from autograder.model import NOT_BEGUN, Assignment, GradeRecord, Limits, Question, RecordState, Submission, Verdict
from autograder.session import Summary

ASSIGNMENT = Assignment(
    "01", "x", 10, (Question("q1", "하나", 10),), Limits(), "cpu", "x.ipynb", (), Path("suites/01"), "suite", None
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def assemble(submission: Submission, *_: Any) -> Any:
        if submission.student == "breaks-assembly":
            raise RecursionError
        return Assembled(notebook={"student": submission.student}, verdicts=())

    monkeypatch.setattr(pipeline, "assemble", assemble)
    return Run(
        assignment=ASSIGNMENT,
        master={},
        files={},
        ledger=Ledger(tmp_path / "ledger.db"),
        key=JobKey("suite", "1", "secret", "cpu"),
        secret=b"x" * 16,
        owner="me",
    )


def submission(student: str, **changes: Any) -> Submission:
    return dataclasses.replace(Submission(student, "01", student.ljust(64, "0"), {}, "here"), **changes)


def result(points: float = 10, outcome: str = "passed") -> dict[str, Any]:
    test = {"name": "test_a", "question": "q1", "title": "가", "points": points, "outcome": outcome}
    return {"tests": [test], "cells": [], "executed": {"cells": []}}


def run_all(run: Run, submissions: list[Submission], grade_job: Any, window: int = 2) -> dict[str, GradeRecord]:
    with ThreadPoolExecutor(2) as executor:
        return {p.record.student: p.record for p in grade(run, submissions, executor, grade_job, window=window)}


def test_every_submission_ends_with_a_record(run: Run) -> None:
    students = [f"s{i}" for i in range(7)]
    records = run_all(run, [submission(s) for s in students], lambda _job, _seconds: result())
    assert sorted(records) == students
    assert all(r.score == 10 and r.state is RecordState.GRADED for r in records.values())


def test_what_is_graded_is_not_graded_again(run: Run) -> None:
    calls: list[str] = []

    def grade_job(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        calls.append(job["notebook"]["student"])
        return result()

    for _ in range(2):
        run_all(run, [submission("a"), submission("b")], grade_job)
    assert sorted(calls) == ["a", "b"]


def test_a_job_that_fails_for_our_reason_is_tried_three_times_and_never_becomes_a_zero(run: Run) -> None:
    tries: list[int] = []

    def grade_job(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        if job["notebook"]["student"] == "unlucky":
            tries.append(1)
            raise InfrastructureError("judge-died", "죽음")
        return result()

    records = run_all(run, [submission("unlucky"), submission("fine")], grade_job)
    assert len(tries) == 3
    assert records["unlucky"].score is None
    assert records["unlucky"].reasons == ("infrastructure",)
    assert records["fine"].score == 10


@pytest.mark.parametrize(("message", "told"), [(NOT_BEGUN, True), ("틀렸습니다.", False)])
def test_what_running_shows_to_be_there_is_not_told_as_missing(run: Run, message: str, told: bool) -> None:
    """Assembly reads the text only: `exec`, or an import of a file beside the notebook, hides an answer from it."""
    run.assignment = dataclasses.replace(ASSIGNMENT, questions=(Question("q1", "하나", 10, solution_cell="q1"),))
    verdicts = (Verdict("unanswered", "처음 그대로", cell="q1"), Verdict("code-unanswered", "답이 없음"))
    given = result(outcome="blocked")
    given["tests"][0]["message"] = message

    record = run_all(run, [submission("a", verdicts=verdicts)], lambda _job, _seconds: given)["a"]

    assert [v.code for v in record.verdicts] == (["unanswered", "code-unanswered"] if told else [])


def test_what_our_trouble_left_without_a_grade_is_tried_again_by_the_next_run(run: Run) -> None:
    def broken(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        raise InfrastructureError("judge-died", "죽음")

    assert run_all(run, [submission("a")], broken)["a"].score is None
    assert run_all(run, [submission("a")], lambda _j, _s: result())["a"].score == 10


def test_trouble_that_passes_leaves_no_trace_on_the_score(run: Run) -> None:
    tries: list[int] = []

    def grade_job(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("broken pipe")
        return result()

    assert run_all(run, [submission("a")], grade_job)["a"].score == 10


def test_an_unreadable_submission_goes_to_staff_and_the_class_goes_on(run: Run) -> None:
    fatal = submission("bad", notebook=None, verdicts=(Verdict("notebook-not-json", "깨짐", fatal=True),))
    records = run_all(run, [fatal, submission("breaks-assembly"), submission("fine")], lambda _j, _s: result())
    assert records["bad"].reasons == ("notebook-not-json",)
    assert records["breaks-assembly"].reasons == ("assembly-failed",)
    assert records["bad"].score is records["breaks-assembly"].score is None
    assert records["fine"].score == 10


def test_a_machine_that_cannot_confine_grades_nothing_and_keeps_the_jobs(run: Run) -> None:
    def refuse(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        raise ConfinementError("no-landlock", "격리할 수 없습니다.")

    with pytest.raises(ConfinementError):
        run_all(run, [submission("a"), submission("b")], refuse)
    assert run.ledger.counts("01") == {"queued": 2}


def test_an_interrupted_run_keeps_what_is_done_and_gives_the_rest_back(run: Run) -> None:
    submissions = [submission(f"s{i}") for i in range(6)]
    with ThreadPoolExecutor(1) as executor:
        progress = grade(run, submissions, executor, lambda _j, _s: result(), window=2)
        next(progress)
        next(progress)
        progress.close()
    counts = run.ledger.counts("01")
    assert counts["done"] == 2
    assert "leased" not in counts
    assert len(run_all(run, submissions, lambda _j, _s: result())) == 6


def test_submissions_are_drawn_only_as_there_is_room(run: Run) -> None:
    drawn: list[str] = []

    def source() -> Iterator[Submission]:
        for i in range(50):
            drawn.append(f"s{i}")
            yield submission(f"s{i}")

    with ThreadPoolExecutor(1) as executor:
        for number, _ in enumerate(grade(run, source(), executor, lambda _j, _s: result(), window=3), start=1):
            assert len(drawn) <= number + 4


class Interrupted(Ledger):
    """A ledger during whose second lease the user presses Ctrl-C."""

    def claim(self, *args: Any, **options: Any) -> tuple[Job, Lease | None]:
        job, lease = super().claim(*args, **options)
        if job.id == 2:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.05)
        return job, lease


@pytest.mark.usefixtures("listening")
def test_ctrl_c_between_a_lease_and_the_note_of_it_leaves_no_lease_behind(run: Run, tmp_path: Path) -> None:
    run.ledger = Interrupted(tmp_path / "interrupted.db")
    with pytest.raises(KeyboardInterrupt):
        run_all(run, [submission("a"), submission("b"), submission("c")], lambda _j, _s: result(), window=3)
    run.ledger = Ledger(tmp_path / "interrupted.db")
    assert run.ledger.counts("01").get("leased", 0) == 0
    assert len(run_all(run, [submission("a"), submission("b"), submission("c")], lambda _j, _s: result())) == 3


def test_a_summary_of_a_class_does_not_hold_the_notebooks(run: Run) -> None:
    with ThreadPoolExecutor(1) as executor:
        (progress,) = grade(run, [submission("a")], executor, lambda _j, _s: result(), window=1)
    summary = Summary(ASSIGNMENT, Path())
    summary.add(progress)
    assert progress.record.executed == {"cells": []}
    assert [(r.student, r.score, r.executed) for r in summary.records] == [("a", 10, None)]
