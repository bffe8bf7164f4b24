"""Grades what lies in nbgrader's ``submitted/`` folder, through the ledger of the course's result folder.

The result folder is the one that ``autograder grade --out`` and the service use: the same work is graded once, whoever
comes first. What another process is grading right now is waited for as long as that process lives: it renews its
leases, and what a dead one held is taken over.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from autograder.code_hash import check_unchanged
from autograder.grading.due_figures import DueFigures
from autograder.grading.figures import make_figures
from autograder.grading.identity import course_secret
from autograder.grading.ledger import Ledger
from autograder.grading.pipeline import Progress, grade, store_submission
from autograder.grading.records import file_stem, write_atomically, write_record
from autograder.grading.runs import Figures, open_run
from autograder.grading.trial import admit
from autograder.grading.warm import WarmSlots
from autograder.grading.whose import ANYBODY, Whose
from autograder.marks import FiguresState
from autograder.model import Assignment, Submission
from autograder.report import feedback_html

__all__ = ["grade_submitted"]

_POLL_SECONDS = 0.5
"""Between two looks at what another process is grading."""


def grade_submitted(
    assignment: Assignment,
    submitted: Path,
    out: Path,
    slots: WarmSlots,
    *,
    only: Collection[str] | None = None,
    regrade: bool = False,
    whose: Whose = ANYBODY,
    figures: Figures = Figures.AFTER,
) -> Generator[Progress, None, None]:
    """Grade the submissions of an assignment; yields each as it is finished and writes its record and feedback.

    When all have their scores, those come again whose figures are made then.

    Args:
        assignment: the assignment.
        submitted: nbgrader's folder of submissions.
        out: the result folder.
        slots: where jobs run; ended if this is interrupted.
        only: students to grade; everybody if None.
        regrade: grade again what is already graded.
        whose: whom the folders' names mean.
        figures: when the outputs of cells are made that are not run before the score.

    Raises:
        GraderError: nothing more can be graded (no confinement, no ledger, no such folder, the package was updated
            under this process, a suite that is refused); a single bad submission never raises.
    """
    check_unchanged()  # formgrader may have run for weeks
    secret = course_secret(out)
    with closing(Ledger(out / "ledger.db")) as ledger, ThreadPoolExecutor(slots.count) as executor:
        run = open_run(assignment, ledger, secret, regrade=regrade, figures=figures)
        waiting: dict[tuple[str, str], Submission] = {}
        works: set[tuple[str, str]] = set()

        def submissions() -> Iterator[Submission]:
            for submission in whose.read(submitted, assignment, only=only):
                store_submission(out / "submissions", submission)
                waiting[submission.student, submission.digest] = submission
                works.add((submission.student, submission.digest))
                yield submission

        source = submissions()
        try:
            admit(run, out, executor, slots.grade, parts=slots.count, again=True)
            while True:
                ledger.reclaim()
                for progress in grade(run, source, executor, slots.grade, window=2 * slots.count):
                    waiting.pop((progress.record.student, progress.record.digest), None)
                    _write(out, progress, assignment)
                    yield progress
                # What is left is leased to somebody else: to the service, say, which got the same submission.
                if not waiting:
                    break
                run.regrade = False  # theirs will be as fresh
                source = iter(tuple(waiting.values()))
                time.sleep(_POLL_SECONDS)
            if figures is not Figures.NEVER:
                DueFigures(ledger).reopen(assignment.id)
                for record in make_figures(
                    run,
                    executor,
                    slots.grade,
                    window=2 * slots.count,
                    states=(FiguresState.DUE, FiguresState.LEFT),
                    wanted=lambda job: (job.student, job.digest) in works,
                ):
                    drawn = Progress(record, cached=False, drawn=True)
                    _write(out, drawn, assignment)
                    yield drawn
        except BaseException:
            slots.close()  # else the threads go on until the notebooks that nobody waits for have ended
            raise


def _write(out: Path, progress: Progress, assignment: Assignment) -> None:
    record = progress.record
    write_record(out / "records", record)
    page = out / "feedback" / f"{file_stem(record.student, record.assignment)}.html"
    write_atomically(page, feedback_html(record, assignment))
