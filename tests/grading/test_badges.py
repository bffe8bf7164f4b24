"""Badges are added by a GPU runner to what a CPU runner graded, and change no point."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import ConfinementError, GraderError, InfrastructureError
from autograder.grading import badges, engines, pipeline
from autograder.grading.badges import complete_badges
from autograder.grading.ledger import JobKey, Ledger
from autograder.grading.pipeline import grade
from autograder.grading.runs import Run
from autograder.intake import Assembled
from autograder.model import Assignment, GradeRecord, Limits, Question, Submission
from autograder.session import GradeOptions, grade_class
from tests.bench import material

ASSIGNMENT = Assignment(
    "04", "x", 10, (Question("q1", "하나", 10),), Limits(), "gpu", "x.ipynb", (), Path("suites/04"), "suite", None
)
WORK = [Submission(student, "04", student.ljust(64, "0"), {}, "here") for student in ("a", "b")]


def outcome(name: str, value: str, *, badge: bool = False, points: float = 0.0) -> dict[str, Any]:
    return {"name": name, "question": "q1", "title": name, "points": points, "outcome": value, "badge": badge}


def on_cpu(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
    assert (job["device"], job["badges"]) == ("cpu", False)
    tests = [outcome("test_a", "passed", points=7), outcome("test_b", "failed", points=3)]
    return {"tests": [*tests, outcome("test_gpu", "deferred", badge=True)], "executed": {"cells": []}}


def on_gpu(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
    assert (job["device"], job["badges"]) == ("cuda", True)
    # A faulty runner that reports points, too: they must not count.
    return {"tests": [outcome("test_gpu", "passed", badge=True), outcome("test_b", "passed", points=3)]}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for module in (pipeline, badges):
        monkeypatch.setattr(module, "assemble", lambda *_: Assembled(notebook={"cells": []}, verdicts=()))
    key = JobKey("suite", "1", "secret", "cpu")
    return Run(ASSIGNMENT, {}, {}, Ledger(tmp_path / "ledger.db"), key, b"x" * 16, "me")


def graded_on_cpu(run: Run) -> dict[str, GradeRecord]:
    with ThreadPoolExecutor(1) as executor:
        return {p.record.student: p.record for p in grade(run, WORK, executor, on_cpu, window=2)}


def outcomes(record: GradeRecord) -> dict[str, str]:
    return {test.name: test.outcome.value for test in record.tests}


def test_a_gpu_runner_completes_the_badges_and_touches_no_point(run: Run) -> None:
    before = graded_on_cpu(run)
    after = {p.record.student: p.record for p in complete_badges(run, WORK, on_gpu)}
    assert sorted(after) == ["a", "b"]
    for student, record in after.items():
        earlier = before[student]
        assert (record.score, record.questions, record.state) == (earlier.score, earlier.questions, earlier.state)
        assert record.score == 7
        assert outcomes(record) == {"test_a": "passed", "test_b": "failed", "test_gpu": "passed"}
    assert {job.student: job.record for job in run.ledger.latest("04")} == after


def test_completed_badges_are_not_run_again_and_survive_the_next_cpu_run(run: Run) -> None:
    graded_on_cpu(run)
    list(complete_badges(run, WORK, on_gpu))
    assert list(complete_badges(run, WORK, on_gpu)) == []
    assert all(outcomes(record)["test_gpu"] == "passed" for record in graded_on_cpu(run).values())


def test_a_sick_gpu_leaves_the_record_as_it_was_and_the_next_run_tries_again(run: Run) -> None:
    before = graded_on_cpu(run)
    tries: list[int] = []

    def sick(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        tries.append(1)
        raise InfrastructureError("gpu-lost", "장치를 잃었습니다.")

    told: list[tuple[str, str]] = []
    assert (
        list(complete_badges(run, WORK[:1], sick, tell=lambda work, error: told.append((work.student, error.code))))
        == []
    )
    assert (len(tries), told) == (3, [("a", "gpu-lost")])
    assert {job.student: job.record for job in run.ledger.latest("04")} == before
    assert len(list(complete_badges(run, WORK, on_gpu))) == 2


def test_a_machine_that_cannot_confine_runs_no_badge(run: Run) -> None:
    graded_on_cpu(run)

    def refuse(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        raise ConfinementError("no-landlock", "격리할 수 없습니다.")

    with pytest.raises(ConfinementError):
        list(complete_badges(run, WORK, refuse))


def test_badges_of_work_that_was_graded_again_meanwhile_are_dropped(run: Run) -> None:
    graded_on_cpu(run)
    row = run.ledger.enqueue(WORK[0], run.key)
    assert row.record is not None
    again = run.ledger.enqueue(WORK[0], run.key, regrade=True)
    lease = run.ledger.lease(again.id, "other", 60)
    assert lease is not None
    assert not run.ledger.amend(row, row.record)
    run.ledger.finish(lease, row.record)
    assert not run.ledger.amend(row, row.record)


def test_as_many_jobs_are_in_flight_as_there_are_gpus(run: Run) -> None:
    graded_on_cpu(run)
    together = threading.Barrier(2, timeout=30)

    def on_either(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        number = together.wait()
        return {**on_gpu(job, seconds), "gpu": f"cuda:{number} (Test GPU)"}

    after = [p.record for p in complete_badges(run, WORK, on_either, count=2)]
    assert sorted(record.environment["badges"]["device"] for record in after) == [
        "cuda:0 (Test GPU)",
        "cuda:1 (Test GPU)",
    ]
    assert {outcomes(record)["test_gpu"] for record in after} == {"passed"}


def test_with_no_gpu_left_what_is_finished_is_kept_and_the_rest_stays_deferred(run: Run) -> None:
    before = graded_on_cpu(run)
    asked: list[int] = []

    def one_then_none(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        asked.append(1)
        if len(asked) > 1:
            raise InfrastructureError("gpu-quarantined", "GPU를 제외했습니다.")
        return on_gpu(job, seconds)

    after = complete_badges(run, [*WORK, *(replace(WORK[0], student=name) for name in "cd")], one_then_none)
    first = next(after).record
    with pytest.raises(InfrastructureError, match="gpu-quarantined"):
        next(after)
    assert len(asked) == 2, "neither tried again nor handed out to others"
    kept = {job.student: job.record for job in run.ledger.latest("04")}
    assert kept == {**before, first.student: first}


class NoGpus:
    """GPU slots of a machine that fail every job in the same way."""

    count, out = 1, ()

    def __init__(self, error: GraderError) -> None:
        self.error = error

    def grade(self, _job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        raise self.error

    def close(self) -> None:
        pass


class OneJudge:
    """Slots of a machine, on its CPU."""

    def __init__(self, _count: int, *, unsafe: bool) -> None:
        del unsafe

    def grade(self, job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        assert not job["badges"]
        tests = [outcome("test_a", "passed", points=100), outcome("test_gpu", "deferred", badge=True)]
        return {"tests": tests, "executed": job["notebook"]}

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "error",
    [
        ConfinementError("gpu-unconfined", "GPU를 격리할 수 없습니다."),
        InfrastructureError("gpu-quarantined", "GPU를 제외했습니다.", detail="cuda:0: no answer in 60 s"),
    ],
    ids=["unconfined", "quarantined"],
)
@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_a_gpu_that_cannot_be_used_costs_no_grade_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str, error: GraderError
) -> None:
    material.write_ours(tmp_path)
    toml = tmp_path / "suites" / material.ASSIGNMENT / "assignment.toml"
    toml.write_text('runner = "gpu"\n' + toml.read_text(encoding="utf-8"), encoding="utf-8")
    nbformat.write(material.submission(tests_inside=False), tmp_path / "kim.ipynb")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    monkeypatch.setattr(engines, "Slots", OneJudge)
    monkeypatch.setattr(engines, "open_gpus", lambda **_: NoGpus(error))
    out = tmp_path / "graded"
    options = GradeOptions(material.ASSIGNMENT, (tmp_path / "kim.ipynb",), out, slots=1, device=device, root=tmp_path)
    if device == "auto":
        summary = grade_class(options)
        assert [record.score for record in summary.records] == [100]
        assert summary.to_dict()["notices"] == [{"code": error.code, "message": error.message, "detail": error.detail}]
    else:
        with pytest.raises(type(error), match=error.code):
            grade_class(options)
    command = ["grade", options.assignment_id, str(options.sources[0]), "--out", str(out), "--root", str(tmp_path)]
    shown = CliRunner().invoke(main, [*command, "--slots", "1", "--device", device])
    assert shown.exit_code == (0 if device == "auto" else 4 if isinstance(error, ConfinementError) else 5)
    assert f"[{error.code}] {error.message}" in shown.output
    assert error.detail in shown.output
    assert "kim" in (out / "grades.csv").read_text(encoding="utf-8")
    assert (out / "report.html").exists()
