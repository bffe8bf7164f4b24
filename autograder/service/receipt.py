"""One receipt as a value: where a submission is on its way, and in which order what waits is graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.grading.fault import MACHINE_BUSY
from autograder.model import GradeRecord

__all__ = ["FINISHED", "OUTSIDE", "SUITE_REFUSED", "Receipt", "ReceiptState", "queue"]

OUTSIDE = "ledger:"
"""Folder names of receipts for work that was graded without the exchange (command line, formgrader)."""


SUITE_REFUSED = "suite-refused"
"""Code of a receipt that waits until the suite of its assignment is mended."""


class ReceiptState(StrEnum):
    """Where a submission is on its way."""

    WAITING = "waiting"
    GRADING = "grading"
    DONE = "done"
    NEEDS_STAFF = "needs-staff"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


FINISHED = (ReceiptState.DONE, ReceiptState.NEEDS_STAFF)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One row.

    `regrade` is the fencing token of the result to be replaced, None if it is no regrade; `possible` is None until
    there is a result; `summary` is None where it was not asked for.
    """

    id: int
    ref: str
    folder: str
    student: str
    assignment: str
    received_at: str
    claimed_at: str
    owner_checked: bool
    secret: str
    state: ReceiptState
    code: str
    reason: str
    detail: str
    tries: int
    not_before: float
    started: float | None
    finished: float | None
    job_id: int | None
    regrade: int | None
    score: float | None
    possible: float | None
    summary: GradeRecord | None

    @property
    def has_result(self) -> bool:
        """Whether it was graded, whatever came of it."""
        return self.possible is not None

    @property
    def put_off(self) -> bool:
        """Whether it waits because the machine was too busy for it: others overtake it, and it is graded alone."""
        return self.state is ReceiptState.WAITING and self.code == MACHINE_BUSY

    @property
    def order(self) -> tuple[str, int]:
        """Which of a student's submissions is the later one."""
        return self.received_at, self.id


def queue(waiting: Sequence[Receipt]) -> list[Receipt]:
    """Return the waiting receipts that will be graded, in order: submissions first, then regrades, each as received.

    What the machine was too busy for comes after all others, whatever it is.
    Of one student's submissions of one assignment only the newest is in it.
    """
    newest: dict[tuple[str, str, bool], Receipt] = {}
    for receipt in waiting:
        key = (receipt.student, receipt.assignment, receipt.regrade is not None)
        if key not in newest or receipt.order > newest[key].order:
            newest[key] = receipt
    return sorted(newest.values(), key=lambda r: (r.put_off, r.regrade is not None, r.id))
