"""The ledger's list of figures that are still to be made: who makes which, and what came of it.

A result is recorded once (`Ledger.finish`). What is made after it is kept beside it, for the lease that has left it: if
the work is graded again meanwhile, what comes late is dropped. Nothing here changes a score.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from autograder.grading.ledger import Job, Ledger
from autograder.grading.ledger_schema import FIGURES, JOBS
from autograder.marks import FiguresState

__all__ = ["DueFigures"]

_MAX_ATTEMPTS = 3
_OPEN = (FiguresState.DUE, FiguresState.LEFT)


class DueFigures:
    """The figures still to be made of one ledger.

    Args:
        ledger: whose results they belong to.
        clock: seconds since the epoch; injected in tests.
    """

    def __init__(self, ledger: Ledger, *, clock: Callable[[], float] = time.time) -> None:
        self._ledger = ledger
        self._clock = clock

    def jobs(
        self,
        assignment: str | None,
        states: Sequence[FiguresState] = (FiguresState.DUE,),
        *,
        left_alone: Collection[str] = (),
    ) -> list[int]:
        """Return the jobs of an assignment (None: of any but those `left_alone`) whose figures are to be made.

        They are in the order in which the works last came.
        """
        own = JOBS.c.assignment.not_in(left_alone) if assignment is None else JOBS.c.assignment == assignment
        with self._ledger.transaction() as connection:
            chosen = (
                sa.select(JOBS.c.id)
                .join(FIGURES, sa.and_(FIGURES.c.job_id == JOBS.c.id, FIGURES.c.token == JOBS.c.lease_token))
                .where(own, FIGURES.c.state.in_([state.value for state in states]))
                .order_by(JOBS.c.seen)
            )
            return list(connection.scalars(chosen))

    def claim(self, job_id: int, owner: str, seconds: float) -> Job | None:
        """Return the job whose figures the caller is to make, or None: they are made, or somebody else is at it.

        Args:
            job_id: one of `jobs`.
            owner: the caller, see `worker_name`.
            seconds: after which another may take over.
        """
        now = self._clock()
        free = sa.or_(FIGURES.c.until.is_(None), FIGURES.c.until < now)
        open_ = FIGURES.c.state.in_([state.value for state in _OPEN])
        with self._ledger.transaction(synced=False) as connection:
            taken = connection.execute(
                sa.update(FIGURES)
                .where(FIGURES.c.job_id == job_id, open_, free)
                .values(owner=owner, until=now + seconds)
            ).rowcount
        job = self._ledger.job(job_id) if taken else None
        return job if job is not None and job.finished and job.record is not None else None

    def reopen(self, assignment: str | None) -> None:
        """Let figures that could not be made be tried once more: whatever was in the way may be gone by now."""
        jobs = sa.select(JOBS.c.id)
        if assignment is not None:
            jobs = jobs.where(JOBS.c.assignment == assignment)
        failed = sa.and_(FIGURES.c.state == FiguresState.FAILED.value, FIGURES.c.job_id.in_(jobs))
        with self._ledger.transaction() as connection:
            values = {"state": FiguresState.DUE.value, "attempts": _MAX_ATTEMPTS - 1}
            connection.execute(sa.update(FIGURES).where(failed).values(**values))

    def is_open(self, job: Job) -> bool:
        """Return whether a job's figures are still to be made."""
        open_ = FIGURES.c.state.in_([state.value for state in _OPEN])
        with self._ledger.transaction() as connection:
            own = sa.and_(FIGURES.c.job_id == job.id, FIGURES.c.token == job.token, open_)
            return connection.scalar(sa.select(FIGURES.c.job_id).where(own)) is not None

    def keep(self, job: Job, executed: dict[str, Any]) -> bool:
        """Keep the notebook with its figures; False if the work was graded again meanwhile."""
        return self._change(job, state=FiguresState.COMPLETE.value, executed=executed, owner=None, until=None)

    def give_back(self, job: Job) -> None:
        """Let somebody else make a job's figures."""
        self._change(job, owner=None, until=None)

    def fail(self, job: Job, trouble: str) -> bool:
        """Count a failure of ours; returns whether it was the last try: then the page does without figures."""
        with self._ledger.transaction() as connection:
            made = connection.scalar(sa.select(FIGURES.c.attempts).where(FIGURES.c.job_id == job.id)) or 0
        last = made + 1 >= _MAX_ATTEMPTS
        state = {"state": FiguresState.FAILED.value} if last else {}
        self._change(job, attempts=made + 1, trouble=trouble[:4000], owner=None, until=None, **state)
        return last

    def _change(self, job: Job, **values: Any) -> bool:
        with self._ledger.transaction() as connection:
            own = sa.and_(FIGURES.c.job_id == job.id, FIGURES.c.token == job.token)
            return bool(connection.execute(sa.update(FIGURES).where(own).values(**values)).rowcount)
