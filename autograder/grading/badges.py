"""Badge tests: what only a GPU can show, added to records that a CPU runner has graded.

Points always come from the CPU, so that the same work gets the same score everywhere. A runner with a GPU runs the
deferred tests of finished records afterwards and amends the records: total, questions and state stay as they were.
Badges are measured: which job runs where, and that no two share a device, is for `autograder.grading.gpu`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

from autograder.errors import ConfinementError, GraderError, InfrastructureError
from autograder.grading.gpu import FINAL
from autograder.grading.ledger import Job
from autograder.grading.pipeline import Progress, now
from autograder.grading.runs import GradeJob, Run, job_of
from autograder.intake import assemble
from autograder.judge import SILENCE_SECONDS
from autograder.model import GradeRecord, Outcome, Submission, TestOutcome

__all__ = ["complete_badges", "with_badges"]

_TRIES = 3


def complete_badges(
    run: Run,
    submissions: Iterable[Submission],
    grade_job: GradeJob,
    *,
    count: int = 1,
    tell: Callable[[Submission, GraderError], None] = lambda _submission, _error: None,
) -> Iterator[Progress]:
    """Run the deferred badge tests of submissions already graded; yields what became of each, as they are finished.

    Trouble of the machine leaves the record as it was, its badges still deferred: the next run tries again.

    Args:
        run: the run that has graded them on the CPU.
        submissions: drawn from only as there is room.
        grade_job: grades one job on a GPU; called by `count` threads.
        count: jobs in flight, at least 1.
        tell: called for a submission whose badges stay deferred, with the reason.

    Raises:
        ConfinementError: this machine cannot confine student code.
        InfrastructureError: ``gpu-quarantined``: no GPU is left; what was finished before has been yielded.
    """
    source = (waiting for submission in submissions if (waiting := _waiting(run, submission)) is not None)
    flying: dict[Future[dict[str, Any]], tuple[Submission, Job, GradeRecord]] = {}
    trouble: InfrastructureError | None = None
    executor = ThreadPoolExecutor(count, thread_name_prefix="gpu")
    try:
        while True:
            while trouble is None and len(flying) < count:
                following = next(source, None)
                if following is None:
                    break
                flying[executor.submit(_result, run, following[0], grade_job)] = following
            if not flying:
                break
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                submission, row, record = flying.pop(future)
                try:
                    result = future.result()
                except ConfinementError:
                    raise
                except GraderError as error:
                    if isinstance(error, InfrastructureError) and error.code == "gpu-quarantined":
                        trouble = error
                    else:
                        tell(submission, error)
                    continue
                badges = [TestOutcome.from_dict(test) for test in result.get("tests", ())]
                device = result.get("gpu") or result.get("environment", {}).get("device", "cuda")
                amended = with_badges(record, badges, str(device))
                if run.ledger.amend(row, amended):
                    yield Progress(amended, cached=False)
        if trouble is not None:
            raise trouble
    finally:
        executor.shutdown(wait=False, cancel_futures=True)  # what still runs ends with the engine


def with_badges(record: GradeRecord, badges: Iterable[TestOutcome], device: str) -> GradeRecord:
    """Return the record with these outcomes in place of its deferred badges; nothing else of it changes.

    An outcome that is no badge, or of a test that the record does not hold as deferred, is ignored.
    """
    found = {test.name: test for test in badges if test.badge}
    tests = tuple(found.get(test.name, test) if _waits(test) else test for test in record.tests)
    environment = {**record.environment, "badges": {"device": device, "graded_at": now()}}
    return replace(record, tests=tests, environment=environment)


def _waiting(run: Run, submission: Submission) -> tuple[Submission, Job, GradeRecord] | None:
    row = run.ledger.enqueue(submission, run.key)
    if row.record is None or not any(_waits(test) for test in row.record.tests):
        return None
    return submission, row, row.record


def _result(run: Run, submission: Submission, grade_job: GradeJob) -> dict[str, Any]:
    """Return the result of the badge tests; raises GraderError if trouble of our own leaves them deferred."""
    assembled = assemble(submission, run.assignment, run.master)
    job = job_of(run, assembled.notebook, assembled.put_off, device="cuda", badges=True)
    tries = 0
    while True:
        try:
            return grade_job(job, SILENCE_SECONDS)
        except ConfinementError:
            raise
        except Exception as error:  # whatever it is, it is ours
            tries += 1
            if isinstance(error, GraderError) and (error.code in FINAL or tries == _TRIES):
                raise
            if tries == _TRIES:
                message = "GPU 배지를 채점하다가 채점기에 문제가 생겼습니다."
                raise InfrastructureError("badges-failed", message, detail=repr(error)) from error


def _waits(test: TestOutcome) -> bool:
    return test.badge and test.outcome is Outcome.DEFERRED
