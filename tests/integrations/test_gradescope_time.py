"""A container's time: what is asked for, what a submission may use of it, and what is told when it is over."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from autograder.catalog import assignments, load_assignment
from autograder.errors import InfrastructureError
from autograder.grading.identity import grader_version, secret_id
from autograder.integrations import gradescope_run
from autograder.integrations.gradescope_run import MOST_MINUTES, asked_minutes, least_minutes, run_submission, within
from autograder.model import Limits
from tests.bench import material
from tests.grading.works import ROOT
from tests.integrations.gradescope_schema import check_results, is_numbered

ID = material.ASSIGNMENT
BUSY = InfrastructureError("machine-busy", "채점 장비가 바쁩니다.", detail="cell 3: starved 900.0 s")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_job_may_starve_for_what_is_left_of_the_container() -> None:
    clock, jobs = Clock(), []

    def slots(job: dict[str, Any], silence: float, *_: Any) -> dict[str, Any]:
        jobs.append((job["starved_seconds"], silence))
        return {}

    grade = within(700.0, slots, print, clock=clock)
    grade({}, 600.0)
    clock.now = 300.0
    grade({}, 600.0)
    assert jobs == [(600.0, 600.0), (400.0, 400.0)]


def test_a_judge_that_lives_is_ended_when_the_containers_time_is_over() -> None:
    """The results that say so have to be written before Gradescope ends everything."""
    clock = Clock()

    def slots(_job: dict[str, Any], _silence: float, _tell: Any, heard: Callable[[], None]) -> dict[str, Any]:
        while True:
            clock.now += 5.0
            heard()

    grade = within(700.0, slots, print, clock=clock)
    with pytest.raises(InfrastructureError, match="time-over"):
        grade({}, 600.0)
    assert 690.0 < clock.now <= 700.0
    with pytest.raises(InfrastructureError, match="time-over"):
        grade({}, 600.0)


def test_no_limit_is_stretched_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CPU seconds are the same on half a core; patience would let endless loops eat the container's time."""
    jobs = graded(tmp_path, lambda job, *_: answered(job))[0]
    (job,) = jobs
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "source" / "suites"))
    assert job["limits"] == load_assignment(ID, tmp_path / "source").limits.to_dict()


def test_minutes_hold_every_cpu_second_and_fit_gradescope() -> None:
    for assignment in assignments(ROOT)[0]:
        questions = sum(not q.manual for q in assignment.questions)
        limits = assignment.limits
        cpu = limits.answers_seconds + limits.notebook_seconds + questions * limits.question_seconds
        assert 60 * least_minutes(assignment) > cpu + limits.asleep_seconds + 60
        assert least_minutes(assignment) < asked_minutes(assignment) <= MOST_MINUTES
        long = dataclasses.replace(assignment, limits=Limits(notebook_seconds=1e4))
        assert asked_minutes(long) == MOST_MINUTES


def answered(job: dict[str, Any]) -> dict[str, Any]:
    test = {"name": "test_a", "question": "q1", "title": "두 배", "points": 100, "outcome": "passed"}
    return {"tests": [test], "cells": [], "executed": job["notebook"]}


def busy(_job: dict[str, Any], _silence: float, tell: Callable[[dict[str, Any]], None], *_: Any) -> dict[str, Any]:
    raise BUSY


def test_a_container_that_is_too_busy_gives_no_zero_and_says_why(tmp_path: Path) -> None:
    jobs, results = graded(tmp_path, busy)
    assert len(jobs) == 3, "once, and twice again"
    last = check_results(results[-1])
    assert "score" not in last
    assert not is_numbered(last)
    assert last["extra_data"]["reasons"] == ["machine-busy"]
    assert "채점 장비가 바빠" in last["output"]
    assert "틀렸다는 뜻이 아닙니다" in last["output"]
    assert "점수에 불이익은 없습니다" in last["output"]


@pytest.mark.parametrize(("code", "reason"), [("time-over", "infrastructure"), ("machine-busy", "machine-busy")])
def test_what_was_finished_before_stands_and_the_rest_is_no_zero(tmp_path: Path, code: str, reason: str) -> None:
    def over(job: dict[str, Any], _silence: float, tell: Callable[[dict[str, Any]], None], *_: Any) -> dict[str, Any]:
        tell({"question": "q1", "tests": answered(job)["tests"]})
        raise InfrastructureError(code, "시간이 다 되었습니다.")

    _, results = graded(tmp_path, over)
    last = check_results(results[-1])
    assert "score" not in last
    assert [test["score"] for test in last["tests"]] == [100]
    assert last["extra_data"]["reasons"] == [reason]
    assert last["extra_data"]["state"] == "unfinished"


def graded(base: Path, grade: Callable[..., dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run a submission in a container whose slots grade so; returns the jobs and each version of the results."""
    jobs: list[dict[str, Any]] = []

    class Slots:
        def __init__(self, _count: int) -> None:
            pass

        def grade(self, job: dict[str, Any], *rest: Any) -> dict[str, Any]:
            jobs.append(job)
            return grade(job, *rest)

        def close(self) -> None:
            pass

    source = base / "source"
    source.mkdir()
    material.write_ours(source)
    (source / "secret").write_text("5eed" * 8, encoding="utf-8")
    results: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SUITES", str(source / "suites"))
        assignment = load_assignment(ID, source)
        config = {
            "assignment": ID,
            "suite_hash": assignment.suite_hash,
            "grader_version": grader_version(),
            "secret_id": secret_id(b"5eed" * 8),
            "visibility": "visible",
            "minutes": 20,
        }
        (source / gradescope_run.CONFIG).write_text(json.dumps(config), encoding="utf-8")
        (base / "submission").mkdir()
        nbformat.write(material.submission(tests_inside=False), base / "submission" / "bench.ipynb")
        patch.setattr(gradescope_run, "Slots", Slots)
        patch.setattr(gradescope_run, "probe_machine", lambda: SimpleNamespace(can_confine=True))
        run_submission(base, results.append, gradescope_run.time.monotonic())
    return jobs, results
