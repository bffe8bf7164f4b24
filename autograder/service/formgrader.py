"""What formgrader asks of a running service, from a process of its own: grade this again, and how far is it.

Formgrader finds these functions by this module's name (`integrations.formgrader`), as nbgrader finds its plug-ins.
Requests travel through the table of receipts, at which the service looks every second.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from autograder.grading.ledger import Ledger
from autograder.integrations.autograded import utc
from autograder.integrations.formgrader_requests import is_locked
from autograder.service.receipt import FINISHED, SUITE_REFUSED, Receipt, ReceiptState
from autograder.service.receipts import Receipts

__all__ = ["ask", "underway"]

_T = TypeVar("_T")
_OPEN = (ReceiptState.WAITING, ReceiptState.GRADING)


def ask(results: Path, student: str, assignment: str, handed_in: str | None) -> str | None:
    """Let the service grade a student's latest work again; returns what to tell whoever asked.

    Returns None where the service has nothing to do with this work: no service runs, it never had the work, or what
    lies in ``submitted/`` is later than what it had.

    Args:
        results: the course's result folder.
        student: whose work.
        assignment: of which assignment.
        handed_in: ISO 8601 time, UTC without an offset, of what lies in ``submitted/``; "" if it states none, None if
            nothing lies there.

    Raises:
        LedgerError: the table of receipts or the ledger cannot be used.
    """
    if not _runs(results):
        return None

    def look(receipts: Receipts) -> str | None:
        rows = receipts.rows(student=student, assignment=assignment, states=(*_OPEN, *FINISHED))
        if not rows:
            return None
        opened = next((row for row in rows if row.state in _OPEN), None)
        if opened is not None:
            return f"채점 서비스가 이미 맡고 있습니다. {_words(opened)}"
        if handed_in is not None and not _covers(rows[0], handed_in):
            return None
        with closing(Ledger(results / "ledger.db")) as ledger:
            receipts.request_regrade([rows[0].ref], lambda job: -1 if job is None else ledger.job(job).token)
        return "채점 서비스에 다시 채점을 맡겼습니다."

    return _with_receipts(results, look)


def underway(results: Path, assignment: str) -> dict[str, tuple[str, str]]:
    """Return what the running service has still to grade of an assignment: by student a state and a sentence.

    The state is ``waiting``, ``grading``, or ``blocked`` where something is in its way.

    Raises:
        LedgerError: the table of receipts cannot be used.
    """
    if not (results / "service.db").is_file():
        return {}
    rows = _with_receipts(results, lambda receipts: receipts.rows(assignment=assignment, states=_OPEN))
    if not rows or not _runs(results):
        return {}
    return {row.student: (_state(row), _words(row)) for row in reversed(rows)}


def _runs(results: Path) -> bool:
    return (results / "service.db").is_file() and is_locked(results / "service.lock")


def _with_receipts(results: Path, look: Callable[[Receipts], _T]) -> _T:
    with closing(Receipts(results / "service.db")) as receipts:
        return look(receipts)


def _covers(receipt: Receipt, handed_in: str) -> bool:
    """Say whether the service's work is at least as late as that of ``submitted/``; one without a time is not ours."""
    ours, theirs = utc(receipt.received_at), utc(handed_in)
    return ours is not None and theirs is not None and theirs <= ours


def _state(receipt: Receipt) -> str:
    if receipt.state is ReceiptState.GRADING:
        return "grading"
    return "blocked" if receipt.code else "waiting"


def _words(receipt: Receipt) -> str:
    if receipt.state is ReceiptState.GRADING:
        return "채점 서비스가 채점하고 있습니다."
    if receipt.code == "attempts-exceeded":
        return "이 학생의 시간당 채점 횟수를 넘어 기다리고 있습니다."
    if receipt.put_off:
        return "채점 장비가 바빠 미루어졌습니다. 저절로 다시 채점합니다."
    if receipt.code == SUITE_REFUSED:
        return "이 과제의 시험지가 거절되어 기다리고 있습니다. 채점 서비스의 과목 현황에서 이유를 확인하세요."
    if receipt.code:
        return f"채점 장비의 문제로 미루어졌습니다. 저절로 다시 시도합니다. [{receipt.code}]"
    return "채점 서비스에서 차례를 기다리고 있습니다."
