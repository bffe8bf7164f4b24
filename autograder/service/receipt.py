"""One receipt as a value: where a submission is on its way, and in which order what waits is graded.

The rule, first difference decides:

1. What the machine was too busy for comes after all else (until it has waited an hour, see `Receipt.held_up`).
2. The lower turn. A first hand-in of an assignment has turn 0, a second one 1, a third one 2, whoever hands it in; a
   regrade has the last. Attempts older than six hours make nobody's turn higher than 1. Each quarter of an hour that
   something has waited lowers its turn by one, but never to 0: so nothing waits for ever behind later attempts, and no
   first hand-in waits behind anything else. First hand-ins end: there is one for each student and assignment.
3. Who has had less graded in the last six hours, of all assignments, counting what of theirs comes before.
4. Who came first, by the receipt's number, which no clock can turn back.

Beside the order, one student's submissions are graded one at a time (`Receipts.claim`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from autograder.grading.fault import MACHINE_BUSY
from autograder.model import GradeRecord

__all__ = [
    "FINISHED",
    "LAST_TURN",
    "LATELY_SECONDS",
    "OUTSIDE",
    "SUITE_REFUSED",
    "UNRELEASED",
    "Begun",
    "Receipt",
    "ReceiptState",
    "queue",
    "turn",
]

OUTSIDE = "ledger:"
"""Folder names of receipts for work that was graded without the exchange (command line, formgrader)."""


SUITE_REFUSED = "suite-refused"
"""Code of a receipt that waits until the suite of its assignment is mended."""


UNRELEASED = "assignment-unreleased"
"""Code of a receipt for an assignment that students cannot fetch (yet)."""

LATELY_SECONDS = 6 * 3600.0
"""How far back what was graded makes a student's turn higher: an evening."""
LAST_TURN = 8
_LIFT_SECONDS = 900.0
"""Waited so long, something's turn is one lower: a regrade comes to the second hand-ins within two hours."""
_HELD_UP_SECONDS = 3600.0
"""Waited so long, what needs the machine for itself gets it: nothing else is begun before."""


class Begun(NamedTuple):
    """How often a student's submissions of one assignment have been begun: ever, and lately."""

    ever: int = 0
    lately: int = 0


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

    Args:
        attempt: which of the student's submissions of the assignment it is, from 1; 0 for what was not handed in.
        queued: when it began to wait, seconds since the epoch.
        started: when it was first begun; it counts against the student's hour.
        begun: when it was begun last.
        regrade: the fencing token of the result to be replaced, None if it is no regrade.
        possible: None until there is a result.
        told: what its reading before the grading found (see `autograder.service.acknowledge`), None before it was read.
        stated: what it says for the class board (see `autograder.service.board`), None before it was read.
        summary: None where it was not asked for.
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
    attempt: int
    queued: float
    begun: float | None
    told: Mapping[str, Any] | None
    stated: Mapping[str, Any] | None
    summary: GradeRecord | None

    @property
    def has_result(self) -> bool:
        """Whether it was graded, whatever came of it."""
        return self.possible is not None

    @property
    def put_off(self) -> bool:
        """Whether it waits because the machine was too busy for it: others overtake it, and it is graded alone."""
        return self.state is ReceiptState.WAITING and self.code == MACHINE_BUSY

    def held_up(self, now: float) -> bool:
        """Whether what was put off has waited so long that others wait for it."""
        return self.put_off and now - self.queued > _HELD_UP_SECONDS

    @property
    def order(self) -> tuple[str, int]:
        """Which of a student's submissions is the later one."""
        return self.received_at, self.id


_NOTHING: Mapping[tuple[str, str], Begun] = MappingProxyType({})


def turn(receipt: Receipt, begun: Begun, now: float) -> int:
    """Return a waiting receipt's turn at a time (seconds since the epoch); see the module's rule 2.

    Args:
        receipt: one that waits.
        begun: what of the same student's same assignment was begun before, itself left out.
        now: a clock that was turned back lifts nothing.
    """
    if receipt.regrade is not None:
        first = LAST_TURN
    elif not begun.ever:
        return 0
    else:
        first = min(max(begun.lately, 1), LAST_TURN)
    return max(1, first - int(max(0.0, now - receipt.queued) // _LIFT_SECONDS))


def queue(
    waiting: Sequence[Receipt], begun: Mapping[tuple[str, str], Begun] = _NOTHING, now: float = 0.0
) -> list[Receipt]:
    """Return the waiting receipts that will be graded, in the order of the module's rule.

    Of one student's submissions of one assignment only the newest is in it.

    Args:
        waiting: receipts in state waiting.
        begun: by student and assignment, what else of it was begun.
        now: seconds since the epoch.
    """
    newest: dict[tuple[str, str, bool], Receipt] = {}
    for receipt in waiting:
        key = (receipt.student, receipt.assignment, receipt.regrade is not None)
        if key not in newest or receipt.order > newest[key].order:
            newest[key] = receipt
    had: dict[str, int] = {}
    for (student, _), count in begun.items():
        had[student] = had.get(student, 0) + count.lately
    found = list(newest.values())
    ranked = sorted(
        (r.put_off and not r.held_up(now), turn(r, begun.get((r.student, r.assignment), Begun()), now), r.id, place)
        for place, r in enumerate(found)
    )
    shares = []
    for put_off, its_turn, number, place in ranked:
        student = found[place].student
        share = had.get(student, 0) if found[place].regrade is None else 0
        had[student] = had.get(student, 0) + 1
        shares.append((put_off, its_turn, share, number, place))
    return [found[place] for *_, place in sorted(shares)]
