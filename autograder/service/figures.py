"""Figures on the service: made one result after the other while nothing waits for a score.

A page that is out already is written again by its own name. What prevents figures costs no score: the assignment that
they belong to is left alone for a minute, and the others go on.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor

from autograder.catalog import load_assignment
from autograder.grading.due_figures import DueFigures
from autograder.grading.figures import CLAIM_SECONDS, drawn
from autograder.grading.ledger import Job, Ledger
from autograder.grading.runs import Figures, GradeJob, Run, figures_job
from autograder.judge import SILENCE_SECONDS
from autograder.model import Assignment
from autograder.service.publish import Publisher
from autograder.service.receipt import FINISHED
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings
from autograder.sinks.log import logger

__all__ = ["Drawing"]

_log = logger(__name__)
_PAUSE_SECONDS = 60.0
"""For which an assignment whose figures could not be made is left alone."""


class Drawing:
    """Makes the figures of results whose scores are out.

    Args:
        settings: the course.
        ledger: the ledger of the result folder.
        receipts: the table of what arrived.
        publisher: writes the pages.
        run_of: the run of an assignment.
        executor: runs `grade_job`.
        grade_job: runs one job.
        owner: this process, as the ledger knows it.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        receipts: Receipts,
        publisher: Publisher,
        run_of: Callable[[Assignment], Run],
        executor: Executor,
        grade_job: GradeJob,
        owner: str,
    ) -> None:
        self._settings = settings
        self._receipts = receipts
        self._publisher = publisher
        self._run_of = run_of
        self._executor = executor
        self._grade_job = grade_job
        self._owner = owner
        self._due = DueFigures(ledger)
        self._places = threading.Semaphore(max(1, settings.slots - 1))
        self._paused: dict[str, float] = {}
        self._stopping = threading.Event()

    def start(self) -> None:
        """Let figures that an earlier service could not make be tried once more."""
        self._due.reopen(None)

    def stop(self) -> None:
        """Leave to the next start what is being made."""
        self._stopping.set()

    def draw(self) -> bool:
        """Make the figures of one result, with a slot left for what arrives; returns whether any were due."""
        if self._settings.figures is Figures.NEVER or not self._places.acquire(blocking=False):
            return False
        try:
            job = self._next()
            return job is not None and self._draw(job)
        except Exception:  # no score hangs on it
            _log.exception("no figures could be looked for")
            return False
        finally:
            self._places.release()

    def _next(self) -> Job | None:
        """Claim the figures that have waited longest, but of assignments that are left alone."""
        now = time.monotonic()
        left_alone = {assignment for assignment, until in self._paused.items() if now < until}
        for job_id in self._due.jobs(None, left_alone=left_alone):
            job = self._due.claim(job_id, self._owner, CLAIM_SECONDS)
            if job is not None and job.record is not None and job.record.executed is not None:
                return job
        return None

    def _draw(self, job: Job) -> bool:
        assert job.record is not None
        assert job.record.executed is not None
        try:
            assignment = load_assignment(job.assignment, self._settings.root)
            again = figures_job(self._run_of(assignment), job.record.executed)
            made = self._executor.submit(self._grade_job, again, SILENCE_SECONDS)
            with contextlib.suppress(Exception):
                made.result()
            if self._stopping.is_set():
                self._due.give_back(job)
                return False
            for record in drawn(self._due, job, made):
                for receipt in self._receipts.rows(student=job.student, assignment=job.assignment, states=FINISHED):
                    if receipt.job_id == job.id:
                        self._publisher.publish(receipt, record, assignment)
        except Exception:
            _log.exception("no figures of %s for %.0f s", job.assignment, _PAUSE_SECONDS)
            self._paused[job.assignment] = time.monotonic() + _PAUSE_SECONDS
            self._due.give_back(job)
            return False
        return True
