"""Which of the course's suites may grade: tries them, knows what is wrong with the others, sees when they are mended.

A submission for a suite that is refused waits; nothing is written about it. Staff read why at the top of their pages.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from autograder.catalog import load_assignment, read_master
from autograder.errors import AssignmentError, GraderError
from autograder.grading.runs import GradeJob, Run
from autograder.grading.trial import admit, kept_trial, trial_key
from autograder.service.settings import Settings
from autograder.sinks.log import logger

__all__ = ["Suites"]

_log = logger(__name__)


class Suites:
    """The trials of one course's suites; its methods may be called from any thread.

    Args:
        settings: the course.
        open_run: returns a run of an assignment by its id; raises as `load_assignment` does.
        executor: runs `grade_job`.
        grade_job: grades one job.
    """

    def __init__(
        self, settings: Settings, open_run: Callable[[str], Run], executor: Executor, grade_job: GradeJob
    ) -> None:
        self._settings = settings
        self._open_run = open_run
        self._executor = executor
        self._grade_job = grade_job
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._admitted: dict[str, str] = {}
        self._refused: dict[str, AssignmentError] = {}
        self._trying: set[str] = set()

    def refused(self) -> dict[str, AssignmentError]:
        """Return why a suite may not grade, by assignment."""
        return dict(self._refused)

    def trying(self) -> set[str]:
        """Return the assignments whose suites staff have asked to be tried, as long as that goes on."""
        return set(self._trying)

    def admit(self, run: Run, *, again: bool = False) -> None:
        """Return if the run's suite may grade; raises as `autograder.grading.trial.admit`."""
        name, key = run.assignment.id, trial_key(run)
        if self._admitted.get(name) == key:
            return
        with self._locks[name]:
            try:
                admit(
                    run,
                    self._settings.results,
                    self._executor,
                    self._grade_job,
                    parts=self._settings.slots,
                    again=again,
                )
            except AssignmentError as error:
                self._refused[name] = error
                raise
            self._refused.pop(name, None)
            self._admitted[name] = key

    def refuse(self, assignment_id: str, error: AssignmentError) -> None:
        """Take note that an assignment's own files cannot be used."""
        self._refused[assignment_id] = error

    def look(self, assignment_ids: Iterable[str]) -> None:
        """See by the files whether these suites are still refused; nothing is run."""
        for assignment_id in assignment_ids:
            try:
                assignment = load_assignment(assignment_id, self._settings.root)
                read_master(assignment)
                trial = kept_trial(self._settings.results, assignment)
            except AssignmentError as error:
                self._refused[assignment_id] = error
                continue
            if trial is not None and not trial.passed:
                self._refused[assignment_id] = trial.error()
            else:
                self._refused.pop(assignment_id, None)

    def try_again(self, assignment_id: str, then: Callable[[], None]) -> None:
        """Try a suite that is refused now, in a thread of its own; `then` is called when it is done."""
        if assignment_id in self._trying or assignment_id not in self._refused:
            return
        self._trying.add(assignment_id)

        def work() -> None:
            try:
                self.admit(self._open_run(assignment_id), again=True)
            except AssignmentError as error:
                self._refused[assignment_id] = error
            except GraderError:
                _log.exception("the suite of %s could not be tried", assignment_id)
            finally:
                self._trying.discard(assignment_id)
                then()

        threading.Thread(target=work, name="try-suite", daemon=True).start()
