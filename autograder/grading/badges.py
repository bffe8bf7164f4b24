"""Badge tests: what only a GPU can show, added to records that a CPU runner has graded.

Points always come from the CPU, so that the same work gets the same score everywhere. A runner with a GPU runs the
deferred tests of finished records afterwards and amends the records: total, questions and state stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograder.errors import ConfinementError
from autograder.grading.pipeline import GradeJob, Progress, Run, job_of, now, seconds_for
from autograder.intake import assemble
from autograder.model import GradeRecord, Outcome, Submission, TestOutcome

__all__ = ["complete_badges", "with_badges"]

_TRIES = 3


def complete_badges(
    run: Run, submissions: Iterable[Submission], grade_job: GradeJob, *, device: str = "cuda"
) -> Iterator[Progress]:
    """Run the deferred badge tests of submissions already graded, one at a time; yields what became of each.

    Trouble of the machine leaves the record as it was, its badges still deferred: the next run tries again.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    for submission in submissions:
        row = run.ledger.enqueue(submission, run.key)
        record = row.record
        if record is None or not any(_waits(test) for test in record.tests):
            continue
        badges = _badges(run, submission, grade_job, device)
        if badges is None:
            continue
        amended = with_badges(record, badges, device)
        if run.ledger.amend(row, amended):
            yield Progress(amended, cached=False)


def with_badges(record: GradeRecord, badges: Iterable[TestOutcome], device: str) -> GradeRecord:
    """Return the record with these outcomes in place of its deferred badges; nothing else of it changes.

    An outcome that is no badge, or of a test that the record does not hold as deferred, is ignored.
    """
    found = {test.name: test for test in badges if test.badge}
    tests = tuple(found.get(test.name, test) if _waits(test) else test for test in record.tests)
    environment = {**record.environment, "badges": {"device": device, "graded_at": now()}}
    return replace(record, tests=tests, environment=environment)


def _badges(run: Run, submission: Submission, grade_job: GradeJob, device: str) -> list[TestOutcome] | None:
    notebook = assemble(submission, run.assignment, run.master).notebook
    job = job_of(run, notebook, device=device, badges=True)
    for _ in range(_TRIES):
        try:
            result = grade_job(job, seconds_for(run))
        except ConfinementError:
            raise
        except Exception:  # noqa: S112 (whatever it is, it is ours: the badges stay deferred)
            continue
        return [TestOutcome.from_dict(test) for test in result.get("tests", ())]
    return None


def _waits(test: TestOutcome) -> bool:
    return test.badge and test.outcome is Outcome.DEFERRED
