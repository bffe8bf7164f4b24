"""Whose fault it is that a submission has no grade: the one table of reasons that are ours, and not the student's.

Reasons, ``autograder grade``'s exit status 3, its summary, the reports, the service's pages and the plug-in's list of
failures all ask here. A reason that is not in the table is something about what was handed in.

| reason | what happened | the next run |
|---|---|---|
| `infrastructure` | a judge, a worker or the disk failed, three times | grades it again |
| `machine-busy` | the machine gave the work too little time | grades it again |
| `assembly-failed` | our own code broke on the notebook before anything ran | leaves it |
| `test-error` | a hidden test raised, or the grader did while it ran | leaves it |
| `tests-missing` | a result came back without some question's tests | leaves it |

The first two are the machine's trouble, which passes: the same job may well succeed tomorrow. The others come out of
the suite or the grader's own code, and the same code meets the same end: graded again they would cost the machine's
time and change nothing. Once the suite or the grader is mended its hash is another one, and that alone has the work
graded again.
"""

from __future__ import annotations

from autograder.model import GradeRecord

__all__ = [
    "ASSEMBLY_FAILED",
    "GRADED_AGAIN",
    "INFRASTRUCTURE",
    "MACHINE_BUSY",
    "OUR_FAULT",
    "TESTS_MISSING",
    "TEST_ERROR",
    "ours",
    "without_grade",
]

INFRASTRUCTURE = "infrastructure"
"""Verdict of a submission that trouble of our own left without a grade."""

MACHINE_BUSY = "machine-busy"
"""Code of a judge's error and verdict of a submission: the machine never gave it the time to be graded."""

ASSEMBLY_FAILED = "assembly-failed"
"""Verdict of a submission that our own code could not make a job of."""

TEST_ERROR = "test-error"
"""Reason of a record with a test that ended in `Outcome.ERROR`."""

TESTS_MISSING = "tests-missing"
"""Reason of a record in which a question has no result, and nothing else says why."""

GRADED_AGAIN = frozenset({INFRASTRUCTURE, MACHINE_BUSY})
"""Our fault, and it passes: the next run grades the work again by itself."""

OUR_FAULT = GRADED_AGAIN | {ASSEMBLY_FAILED, TEST_ERROR, TESTS_MISSING}
"""Every reason that is ours. Those beyond `GRADED_AGAIN` wait until the suite or the grader is another one."""


def ours(record: GradeRecord) -> frozenset[str]:
    """Return which of a record's reasons are our fault; a record may need staff for others as well."""
    return OUR_FAULT.intersection(record.reasons)


def without_grade(record: GradeRecord) -> bool:
    """Say whether the record has no score through our fault: what exit status 3 and the plug-in's failures mean."""
    return record.score is None and bool(ours(record))
