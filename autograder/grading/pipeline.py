"""The way of a submission through one run: ledger, assembly, engine, record.

`grade` is the whole of it. It takes submissions from intake, an executor to run jobs on and a function that grades one
job, and leaves every submission with a record in the ledger: graded, or waiting for a person with the reason named. It
never stops for one submission's sake; an interrupt puts unfinished jobs back and keeps what is finished.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from autograder.catalog import tests_hash
from autograder.errors import AssignmentError, ConfinementError, InfrastructureError, LedgerError
from autograder.grading.fault import GRADED_AGAIN as OURS
from autograder.grading.fault import INFRASTRUCTURE, MACHINE_BUSY
from autograder.grading.interrupts import Interrupts
from autograder.grading.leases import LEASE_SECONDS, Leases
from autograder.grading.ledger import Job, JobState, Lease
from autograder.grading.records import json_text, write_atomically
from autograder.grading.runs import NOTEBOOK_SEED, Figures, GradeJob, Run, figures_job, job_of
from autograder.grading.scoring import score_questions, staff_reasons, state_of, total
from autograder.intake import assemble
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.judge import SILENCE_SECONDS
from autograder.marks import FiguresState, with_figures
from autograder.model import NOT_BEGUN, Assignment, CellRun, GradeRecord, Submission, TestOutcome, Verdict

__all__ = [
    "INFRASTRUCTURE",
    "LONE_FLIGHTS",
    "MACHINE_BUSY",
    "OURS",
    "Progress",
    "engine_lost",
    "grade",
    "now",
    "store_submission",
]


LONE_FLIGHTS = 2
"""How often a submission that the machine was too busy for is graded again at the end of a run, with nothing beside."""

_WHOSE = frozenset({"student-unknown", "student-collision"})
"""Verdicts on who handed the work in: a result made with one of them, or without, is not reused where that differs."""

_LOOK_SECONDS = 5.0
"""Between two questions whether the executor can still answer; what has finished is taken at once."""

_INFRASTRUCTURE_TOLD = (
    "채점 장비의 문제로 자동 채점을 마치지 못했습니다. 조교가 다시 채점하며, 점수에 불이익은 없습니다."
)
_BUSY_TOLD = (
    "채점 장비가 바빠 자동 채점을 마치지 못했습니다. 답이 틀렸다는 뜻이 아닙니다. "
    "다시 채점하며, 점수에 불이익은 없습니다."
)


@dataclass(frozen=True, slots=True)
class Progress:
    """One submission has reached its end: `cached` if an earlier run had graded it, `drawn` if it has its figures now.

    A submission comes a second time, `drawn`, where its figures are made after its score.
    """

    record: GradeRecord
    cached: bool
    drawn: bool = False


def grade(
    run: Run,
    submissions: Iterable[Submission],
    executor: Executor,
    grade_job: GradeJob,
    *,
    window: int,
    alive: Callable[[], bool] = lambda: True,
    lone_flights: int | None = LONE_FLIGHTS,
) -> Iterator[Progress]:
    """Grade submissions; yields a `Progress` for each as it is finished, in the order of finishing.

    Submissions are drawn from the iterator only as there is room: at most `window` jobs are in flight, so memory does
    not grow with the class. `alive` is asked, while nothing comes back, whether the executor can still answer.
    Trouble of our own is retried three times and then recorded as needing staff; a student's fault is a result and
    never retried.

    A submission that the machine was too busy for (``machine-busy``) waits until all others are done. It is graded
    again then, alone, at most `lone_flights` times, and then recorded as needing staff. With None it is given back to
    the ledger and the error is raised, for a caller who has better times and more submissions to choose from.

    Ctrl-C is put off to the next moment at which nothing is half written; jobs in flight are then put back.

    Raises:
        AssignmentError: the suite on disk is another one since the run began (``suite-changed``).
        ConfinementError: this machine cannot confine student code: nothing is graded without.
        InfrastructureError: the executor takes no more jobs (``engine-lost``); ``machine-busy``, as said above.
        LedgerError: the ledger cannot be written.
    """
    with Leases(run.ledger) as leases, Interrupts() as interrupts:
        yield from _grade(run, iter(submissions), executor, grade_job, window, alive, lone_flights, leases, interrupts)


def _grade(
    run: Run,
    source: Iterator[Submission],
    executor: Executor,
    grade_job: GradeJob,
    window: int,
    alive: Callable[[], bool],
    lone_flights: int | None,
    leases: Leases,
    interrupts: Interrupts,
) -> Iterator[Progress]:
    """Grade, interrupted only where no lease is between its row and `flying`."""
    retries: list[_Flight] = []
    put_off: deque[_Flight] = deque()
    flying: dict[Future[dict[str, Any]], _Flight] = {}
    more = True
    try:
        while more or retries or put_off or flying:
            while len(flying) < window:
                interrupts.check()
                if retries or (put_off and not more and not flying):
                    flight = retries.pop() if retries else put_off.popleft()
                    flight.lease = run.ledger.lease(flight.job_id, run.owner, LEASE_SECONDS)
                    row = None if flight.lease else run.ledger.job(flight.job_id)
                elif more:
                    submission = next(source, None)
                    if submission is None:
                        more = False
                        continue
                    _same_suite(run)
                    row, lease = _claim(run, submission, regrade=run.regrade)
                    if row.record is not None and (
                        OURS.intersection(row.record.reasons)  # it was our fault: try again
                        or _whose(row.record.verdicts) != _whose(submission.verdicts)  # staff know more by now
                    ):
                        row, lease = _claim(run, submission, regrade=True)
                    flight = _Flight(row.id, submission, lease)
                else:
                    break
                if flight.lease is None:  # it is finished, or another coordinator is at it
                    if row is not None and row.finished and row.record is not None:
                        yield Progress(row.record, cached=True)
                    continue
                leases.hold(flight.lease)
                prepared = _prepare(run, flight.submission)
                if isinstance(prepared, GradeRecord):
                    run.ledger.finish(flight.lease, prepared)
                    leases.drop(flight.lease)
                    yield Progress(prepared, cached=False)
                    continue
                flight.job, flight.verdicts = prepared
                flying[_submit(run, executor, grade_job, flight)] = flight
            if not flying:
                continue
            with interrupts.allowed():
                finished = wait(flying, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED).done
            if not finished and not alive():
                raise engine_lost("no answer is to come")
            for future in finished:
                flight = flying.pop(future)
                if run.figures is Figures.NOW and flight.scored is None and _wants_figures(future):
                    flight.scored = future.result()
                    flight.job = figures_job(run, flight.scored["executed"])
                    flying[_submit(run, executor, grade_job, flight)] = flight
                    continue
                settled = _settle(run, flight, future, lone_flights)
                if flight.lease is not None:
                    leases.drop(flight.lease)
                if settled is _Again.SOON:
                    retries.append(flight)
                elif settled is _Again.LAST_AND_ALONE:
                    flight.job = {}  # it is made again: nobody knows how many wait
                    put_off.append(flight)
                else:
                    yield Progress(settled, cached=False)
    finally:
        for future, flight in flying.items():
            future.cancel()
            if flight.lease is not None:
                leases.drop(flight.lease)
                with contextlib.suppress(LedgerError):  # then it runs out by itself; what ended the run is told
                    run.ledger.release(flight.lease)


def _claim(run: Run, submission: Submission, *, regrade: bool) -> tuple[Job, Lease | None]:
    return run.ledger.claim(submission, run.key, run.owner, LEASE_SECONDS, regrade=regrade)


def _whose(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """Return which of the verdicts leave open whose work it is: rosters and answers change, the work does not."""
    return frozenset(v.code for v in verdicts if v.code in _WHOSE)


def _same_suite(run: Run) -> None:
    """Refuse to go on by an old suite: its results, enqueued last, would count before those of the new one."""
    if run.tests_hash and tests_hash(run.assignment.suite_dir) != run.tests_hash:
        raise AssignmentError(
            "suite-changed",
            "채점하는 동안 시험지가 바뀌었습니다. 같은 명령을 다시 실행하면 새 시험지로 채점합니다.",
            detail=str(run.assignment.suite_dir),
        )


@dataclass(slots=True)
class _Flight:
    """A submission on its way: its row, the lease held on it, the job sent, how often the machine was too busy."""

    job_id: int
    submission: Submission
    lease: Lease | None = None
    job: dict[str, Any] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    busy: int = 0
    scored: dict[str, Any] | None = None
    """What grading has brought, while the figures are made."""


class _Again(Enum):
    """What is left to do with a flight that brought no result."""

    SOON = "soon"
    LAST_AND_ALONE = "last-and-alone"


def _submit(run: Run, executor: Executor, grade_job: GradeJob, flight: _Flight) -> Future[dict[str, Any]]:
    """Hand a job to the executor; if that takes no more, put the job back and raise InfrastructureError."""
    try:
        return executor.submit(grade_job, flight.job, SILENCE_SECONDS)
    except Exception as error:
        if flight.lease is not None:
            run.ledger.release(flight.lease)
        raise engine_lost(f"{type(error).__name__}: {error}") from error


def engine_lost(detail: str) -> InfrastructureError:
    """Return the error of an executor that takes no more jobs, or gives no more answers."""
    message = "채점을 맡은 워커들과 연결이 끊어졌습니다. 끝난 결과는 저장되어 있으며, 같은 명령으로 이어서 채점합니다."
    return InfrastructureError("engine-lost", message, detail=detail)


def _prepare(run: Run, submission: Submission) -> GradeRecord | tuple[dict[str, Any], tuple[Verdict, ...]]:
    """Return the job and the verdicts so far, or at once the record of a submission that cannot be run."""
    if submission.fatal or submission.notebook is None:
        verdicts = submission.verdicts or (Verdict("notebook-unreadable", "노트북을 읽을 수 없습니다.", fatal=True),)
        return _record(run, submission, verdicts, {})
    try:
        assembled = assemble(submission, run.assignment, run.master, run.others)
    except Exception as error:  # one submission that breaks our own code must not stop the others
        trouble = Verdict(
            "assembly-failed",
            "제출물을 채점할 수 있는 형태로 바꾸지 못했습니다. 조교가 직접 확인합니다.",
            fatal=True,
            detail=f"{type(error).__name__}: {error}",
        )
        return _record(run, submission, (*submission.verdicts, trouble), {})
    verdicts = tuple(dict.fromkeys((*submission.verdicts, *assembled.verdicts)))
    if any(v.fatal for v in verdicts):
        return _record(run, submission, verdicts, {})
    return job_of(run, assembled.notebook, assembled.put_off), verdicts


def _wants_figures(future: Future[dict[str, Any]]) -> bool:
    """Say whether a job has come to a score without having run all cells."""
    return future.exception() is None and bool(future.result().get("put_off"))


def _result(flight: _Flight, future: Future[dict[str, Any]]) -> dict[str, Any]:
    """Return what grading has brought, with figures if they were made: without them the score stands all the same."""
    if flight.scored is None:
        return future.result()
    try:
        return {**flight.scored, "executed": future.result()["executed"], "put_off": []}
    except Exception:  # they stay due
        return flight.scored


def _settle(
    run: Run, flight: _Flight, future: Future[dict[str, Any]], lone_flights: int | None
) -> GradeRecord | _Again:
    """Record one finished job, or say when it is to be tried again."""
    lease = flight.lease
    assert lease is not None
    try:
        record = _record(run, flight.submission, flight.verdicts, _result(flight, future))
    except ConfinementError:
        run.ledger.release(lease)
        raise
    except Exception as error:  # whatever it is, it is ours, and the class goes on
        if isinstance(error, InfrastructureError) and error.code == "grader-differs":  # no other job would do better
            run.ledger.release(lease)
            raise
        if isinstance(error, InfrastructureError) and error.code == MACHINE_BUSY:
            if lone_flights is None:
                run.ledger.release(lease)
                raise
            flight.busy += 1
            if flight.busy <= lone_flights:
                run.ledger.release(lease)  # nothing is held while others overtake, and no attempt is counted
                return _Again.LAST_AND_ALONE
            ours = Verdict(MACHINE_BUSY, _BUSY_TOLD, fatal=True, detail=error.detail)
        else:
            row = run.ledger.fail(lease, f"{type(error).__name__}: {error}")
            if row.state == JobState.QUEUED:
                return _Again.SOON
            ours = Verdict(INFRASTRUCTURE, _INFRASTRUCTURE_TOLD, fatal=True, detail=row.trouble)
        record = _record(run, flight.submission, (*flight.verdicts, ours), {"executed": flight.job["notebook"]})
    try:
        run.ledger.finish(lease, record)
    except LedgerError as error:
        if error.code != "lease-lost":
            raise
        return run.ledger.job(lease.job_id).record or record
    return record


def _record(run: Run, submission: Submission, verdicts: Sequence[Verdict], result: dict[str, Any]) -> GradeRecord:
    tests = tuple(TestOutcome.from_dict(t) for t in result.get("tests", ()))
    unparsed = {v.cell for v in verdicts if v.code == "syntax-error"}  # told once, better than by the run
    seen = (Verdict.from_dict(v) for v in result.get("verdicts", ()))
    told = _still_true(verdicts, run.assignment, tests)
    found = (*told, *(v for v in seen if not (v.code == "cell-error" and v.cell in unparsed)))
    questions = score_questions(run.assignment, tests)
    reasons = staff_reasons(questions, tests, found)
    executed = result.get("executed")
    if executed is not None and result.get("put_off"):
        executed = with_figures(executed, FiguresState.LEFT if run.figures is Figures.NEVER else FiguresState.DUE)
    return GradeRecord(
        student=submission.student,
        assignment=submission.assignment,
        digest=submission.digest,
        suite_hash=run.key.suite_hash,
        grader_version=run.key.grader_version,
        state=state_of(reasons),
        score=total(questions),
        possible=run.assignment.points,
        questions=questions,
        tests=tests,
        cells=tuple(CellRun.from_dict(c) for c in result.get("cells", ())),
        verdicts=found,
        executed=executed,
        source=submission.source,
        received_at=submission.received_at,
        graded_at=now(),
        seconds=float(result.get("usage", {}).get("wall_seconds", 0.0)),
        reasons=reasons,
        environment={
            **result.get("environment", {}),
            "unsafe": run.unsafe,
            "device": run.key.device,
            "usage": result.get("usage", {}),
        },
        seeds={"secret": run.key.secret_id, "notebook": NOTEBOOK_SEED},
    )


def _still_true(verdicts: Sequence[Verdict], assignment: Assignment, tests: Sequence[TestOutcome]) -> list[Verdict]:
    """Return the verdicts without those that an answer is missing which the notebook, once run, turned out to have."""
    ran = {t.question for t in tests if not t.badge and t.message != NOT_BEGUN}
    begun = {q.solution_cell for q in assignment.questions if q.id in ran}
    missing = {"unanswered", "cell-missing"}
    return [
        v
        for v in verdicts
        if not (v.code in missing and v.cell in begun) and not (v.code in NOTHING_TO_GRADE and begun)
    ]


def now() -> str:
    """Return the local time with its offset, ISO 8601, for records."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")


def store_submission(folder: Path, submission: Submission) -> Path | None:
    """Keep a submission's content, named by its digest, so that a result can be reproduced; None if unreadable."""
    if submission.notebook is None:
        return None
    path = folder / f"{submission.digest}.ipynb"
    if not path.exists():
        write_atomically(path, json_text(submission.notebook))
    return path
