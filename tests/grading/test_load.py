"""A busy machine costs nobody a point: right work on a processor that ten or thirty others want, to the exact score.

Limits count what the sandbox itself used. Every day two right works share one processor with ten processes that spin;
the soak grades every right work of all corpora among ten, and the sample class by the command line among thirty.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.corpus import Case, Edit
from autograder.grading.scoring import score_questions, staff_reasons, total
from autograder.judge import Judge
from autograder.model import TestOutcome, Verdict
from autograder.sandbox import ForkServer
from autograder.sandbox.processes.procfs import children
from tests.grading.honest import FOLDER, all_cases, faults, found_in
from tests.grading.honest import job as honest_job
from tests.grading.load import MOST_SHARE, Report, grade_class, share, spinners
from tests.grading.works import IDS, assignment_of, cases, job_for

BURN = """\
import time
stop = time.process_time() + 0.35
while time.process_time() < stop:
    pass
"""
SLOW_CELLS = Case(
    "slow-cells",
    "two slow experiments, more of which would use up the time",
    "",
    (),
    "100",
    (Edit("before", "q1", BURN), Edit("after", "q5", BURN)),
    (("cell_seconds", 0.6), ("notebook_seconds", 1.2), ("call_seconds", 0.6), ("question_seconds", 1.0)),
)
QUICK = cases(IDS[3], "right")[0]
BUSY = ((IDS[3], QUICK), (IDS[3], SLOW_CELLS))
"""A right work of the cheapest assignment, which is graded every day, and one with slow cells of its own."""


@pytest.fixture(scope="module")
def crowded() -> Iterator[Judge]:
    """A judge, with its fork server and all its sandboxes, on one processor with ten spinners."""
    before = os.sched_getaffinity(0)
    processor = {max(before)}
    os.sched_setaffinity(0, processor)  # of this thread, and of what it starts
    try:
        with ForkServer() as server, Judge(server) as judge:
            for assignment_id in {assignment_id for assignment_id, _ in BUSY}:
                judge.grade(job_for(assignment_id, Case("warm", "", "", (), "", ()), only=["q1"]))
            os.sched_setaffinity(0, before)
            with spinners(10, processor):
                yield judge
    finally:
        os.sched_setaffinity(0, before)


def _mistakes(assignment_id: str, result: dict[str, Any], score: float) -> list[str]:
    tests = [TestOutcome.from_dict(test) for test in result["tests"]]
    verdicts = [Verdict.from_dict(verdict) for verdict in result["verdicts"]]
    questions = score_questions(assignment_of(assignment_id), tests)
    reasons = staff_reasons(questions, tests, verdicts)
    wrong = [f"a person is asked for {reasons}"] if reasons else []
    wrong += [f"{verdict.code}: {verdict.message}" for verdict in verdicts]
    if total(questions) != score:
        wrong.append(f"{total(questions)}, not {score:g}")
        wrong += [f"{t.name} {t.outcome.value}: {t.message}" for t in tests if t.outcome.value in ("failed", "blocked")]
    return wrong


@pytest.mark.xdist_group("load")
@pytest.mark.parametrize(
    ("assignment_id", "case"),
    [
        pytest.param(i, case, id=f"{i[:2]}-{case.name}", marks=[pytest.mark.soak] if place else [])
        for place, (i, case) in enumerate(BUSY)
    ],
)
def test_a_right_work_among_ten_on_one_processor_gets_its_score(
    crowded: Judge, assignment_id: str, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    result = crowded.grade(job_for(assignment_id, case))
    had = share([result])
    with capsys.disabled():
        print(f"\n{case.name}: {time.monotonic() - began:.1f} s, the sandbox's share of a processor: {had or 0:.1%}")
    assert _mistakes(assignment_id, result, 100.0) == []
    assert had is not None
    assert had < 0.5, "nobody else wanted the processor: nothing was shown"


def test_spinners_end_with_their_block() -> None:
    mine = set(children(os.getpid()))
    with spinners(2, {min(os.sched_getaffinity(0))}):
        started = set(children(os.getpid())) - mine
        assert len(started) == 2
        assert all(os.getsid(pid) == pid for pid in started), "each leads a session"
        assert all(os.sched_getaffinity(pid) == {min(os.sched_getaffinity(0))} for pid in started)
    assert not started & set(children(os.getpid()))


def test_the_share_of_a_processor_is_what_cells_and_tests_used() -> None:
    cell, test = {"cpu_seconds": 0.5, "seconds": 6.0}, {"cpu_seconds": 0.1, "seconds": 2.0}
    assert share([{"cells": [cell], "tests": [test]}]) == pytest.approx(0.075)
    assert share([{"cells": [{"seconds": 6.0}], "tests": []}]) is None
    assert "not busy" in Report(share=MOST_SHARE + 0.01).void
    assert not Report(share=MOST_SHARE).void


def _right(assignment_id: str) -> list[tuple[Case, list[str] | None]]:
    """Right works, each with the questions to grade: its own, or all."""
    right = [(case, [case.question] if case.question else None) for case in cases(assignment_id, "right")]
    return right + [(case, None) for case in cases(assignment_id, "class") if case.expect == "100"]


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_every_right_work_among_ten_loses_nothing(real_judge: Judge, assignment_id: str) -> None:
    lost, results = {}, []
    with spinners(10):
        for case, only in _right(assignment_id):
            result = real_judge.grade(job_for(assignment_id, case, only=only))
            results.append(result)
            wrong = [t["name"] for t in result["tests"] if t["outcome"] not in ("passed", "deferred")]
            if wrong or result["verdicts"]:
                lost[case.name] = wrong + [verdict["code"] for verdict in result["verdicts"]]
    print(f"{assignment_id}: the sandboxes' share of a processor {share(results) or 0:.1%}")
    assert lost == {}


@pytest.mark.soak
def test_every_honest_work_that_is_right_loses_nothing_among_ten(real_judge: Judge) -> None:
    right = [case for case in all_cases() if case.lowest == 100 and not (case.soak or case.says)]
    with spinners(10):
        results = {case.name: real_judge.grade(honest_job(case)) for case in right}
    print(f"{FOLDER.name}: the sandboxes' share of a processor {share(results.values()) or 0:.1%}")
    found = {case.name: faults(case, found_in(case, results[case.name])) for case in right}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.soak
def test_the_sample_class_among_thirty_gets_its_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with spinners(30):
        report = grade_class(tmp_path)
    with capsys.disabled():
        print(f"\n{report}")
    assert report.wrong == []
    if report.void:
        pytest.skip(report.void)
