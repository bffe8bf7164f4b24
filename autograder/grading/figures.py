"""Makes figures: runs whole notebooks in order once their scores are known, and keeps what they show.

A notebook is run in a fresh sandbox, without tests and without a branch for them; nothing of it changes a score, a
verdict or a reason for staff. What fails is tried again, and after three failures the page says so; each later run
tries such figures once more. A suite or a grader that was changed meanwhile is no failure of a notebook's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from typing import Any

from autograder.errors import AssignmentError, ConfinementError, InfrastructureError, LedgerError
from autograder.grading.due_figures import DueFigures
from autograder.grading.ledger import Job
from autograder.grading.runs import GradeJob, Run, figures_job
from autograder.judge import SILENCE_SECONDS
from autograder.marks import FiguresState, with_figures
from autograder.model import GradeRecord

__all__ = ["CLAIM_SECONDS", "drawn", "make_figures"]

CLAIM_SECONDS = 900.0
"""After which others take over the making of figures from whoever is silent."""
_LOOK_SECONDS = 5.0
_LOST = "그림을 만드는 동안 워커들과 연결이 끊어졌습니다. 점수는 저장되어 있으며, 같은 명령으로 이어서 만듭니다."


def make_figures(
    run: Run,
    executor: Executor,
    grade_job: GradeJob,
    *,
    window: int,
    states: Sequence[FiguresState] = (FiguresState.DUE,),
    wanted: Callable[[Job], bool] = lambda _: True,
    alive: Callable[[], bool] = lambda: True,
) -> Iterator[GradeRecord]:
    """Make what figures are due of the run's assignment; yields each record with its figures.

    They are noted as made when the next one is asked for: whatever ends before leaves them to be made again.

    Args:
        run: the assignment, its files and the ledger.
        executor: runs `grade_job`.
        grade_job: runs one job.
        window: jobs in flight at most.
        states: which figures: those that are due, or also those that an earlier run was told to leave.
        wanted: says of a job whether its figures are to be made now.
        alive: asked, while nothing comes back, whether the executor can still answer.

    Raises:
        AssignmentError: the suite is another one by now, or cannot be read. The figures stay due.
        ConfinementError: this machine cannot confine student code. The figures stay due.
        InfrastructureError: the executor takes no more jobs, or ``grader-differs``. The figures stay due.
        LedgerError: the ledger cannot be written.
    """
    due = DueFigures(run.ledger)
    waiting = list(reversed(due.jobs(run.assignment.id, states)))
    flying: dict[Future[dict[str, Any]], Job] = {}
    try:
        while waiting or flying:
            while waiting and len(flying) < window:
                job = due.claim(waiting.pop(), run.owner, CLAIM_SECONDS)
                if job is None or job.record is None or job.record.executed is None:
                    continue
                if not wanted(job):
                    due.give_back(job)
                    continue
                try:
                    future = executor.submit(grade_job, figures_job(run, job.record.executed), SILENCE_SECONDS)
                except Exception as error:
                    due.give_back(job)
                    raise InfrastructureError(
                        "engine-lost", _LOST, detail=f"{type(error).__name__}: {error}"
                    ) from error
                flying[future] = job
            if not flying:
                continue
            finished = wait(flying, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED).done
            if not finished and not alive():
                raise InfrastructureError("engine-lost", _LOST)
            for future in finished:
                yield from drawn(due, job := flying[future], future)
                del flying[future]
                if due.is_open(job):
                    waiting.insert(0, job.id)
    finally:
        for future, job in flying.items():
            future.cancel()
            with contextlib.suppress(LedgerError):
                due.give_back(job)


def drawn(due: DueFigures, job: Job, future: Future[dict[str, Any]]) -> Iterator[GradeRecord]:
    """Yield a job's record with the figures that a run has brought, then note that they are made.

    Nothing is yielded where the run has failed and is to be tried again; after the last try, the record that says so.

    Raises:
        AssignmentError, ConfinementError, InfrastructureError: as `make_figures`.
    """
    assert job.record is not None
    try:
        executed = future.result()["executed"]
    except Exception as error:  # whatever it is, it is ours, and no score hangs on it
        if isinstance(error, AssignmentError | ConfinementError) or getattr(error, "code", "") == "grader-differs":
            due.give_back(job)
            raise
        if due.fail(job, f"{type(error).__name__}: {error}"):
            yield replace(job.record, executed=with_figures(job.record.executed or {}, FiguresState.FAILED))
    else:
        yield replace(job.record, executed=executed)
        due.keep(job, executed)
