"""What hinders a course's grading, for staff: of which kind it is, and what to do. One table for all error codes.

Three kinds, because three different things have to be done: a file of the assignment is wrong, a setting of the course
is wrong, or the machine is in trouble. Only the last is called equipment trouble, to staff and to students.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from autograder.errors import GraderError
from autograder.grading.rehearsal import Rehearsal
from autograder.service.receipt import SUITE_REFUSED, Receipt, ReceiptState

__all__ = ["KINDS", "Kind", "Trouble", "Troubles", "cannot_grade", "kind_of", "of_receipts"]


class Kind(StrEnum):
    """Where something has to be done."""

    FILE = "file"
    COURSE = "course"
    MACHINE = "machine"


KINDS: Mapping[str, Kind] = {
    # an assignment's own files
    "assignment-invalid": Kind.FILE,
    "gradebook-cells-changed": Kind.FILE,
    "master-invalid": Kind.FILE,
    "master-missing": Kind.FILE,
    "master-unreadable": Kind.FILE,
    "suite-invalid": Kind.FILE,
    "suite-wrong": Kind.FILE,
    SUITE_REFUSED: Kind.FILE,
    # what the course says of itself
    "course-file-invalid": Kind.COURSE,
    "gradebook-other-course": Kind.COURSE,
    "late-penalty-failed": Kind.COURSE,
    "nbgrader-config-invalid": Kind.COURSE,
    # the machine
    "disk-full": Kind.MACHINE,
    "gradebook-unavailable": Kind.MACHINE,
    "internal-error": Kind.MACHINE,
}
"""The kind of each error that stops grading or its results; every other one is the machine's."""

_SENTENCES: Mapping[str, str] = {
    "disk-full": "디스크가 가득 찼습니다. 공간을 비우면 저절로 이어서 채점합니다.",
    "gradebook-unavailable": (
        "성적부 데이터베이스를 읽거나 쓸 수 없습니다. gradebook.db의 권한과 디스크 공간을 확인하세요. "
        "다른 프로그램이 쓰고 있었다면 저절로 풀립니다."
    ),
    "internal-error": "채점 서비스에서 뜻밖의 오류가 났습니다. 서비스의 기록을 확인하세요. 저절로 다시 시도합니다.",
}
_OTHER = "채점 장비의 문제로 채점이 미루어졌습니다. 서비스의 기록을 확인하세요. 저절로 다시 시도합니다."
_NO_TROUBLE = frozenset({"", "attempts-exceeded", "graded-elsewhere", "machine-busy", SUITE_REFUSED})
_FULL = ("No space left", "Errno 28", "disk is full", "Disk quota exceeded", "Errno 122")
_TOLD_AFTER = 1
"""Tries after which a receipt that was put back is told to staff."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that hinders grading.

    Args:
        code: the error's.
        message: Korean, for staff: what is wrong, and what to do.
        detail: English, for staff.
        assignment: the assignment concerned, "" if it is the whole course.
        count: submissions that wait for it; 0 if that is not known.
    """

    code: str
    message: str
    detail: str = ""
    assignment: str = ""
    count: int = 0

    @property
    def kind(self) -> Kind:
        """Where something has to be done."""
        return kind_of(self.code)


class Troubles:
    """What is in the way now, by place; its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[tuple[str, str], Trouble] = {}

    def note(self, place: str, error: GraderError, assignment: str = "") -> None:
        """Take note of what was in the way at a place of the service, for an assignment or for all."""
        whole = kind_of(error.code) is not Kind.FILE
        trouble = Trouble(error.code, error.message, error.detail, "" if whole else assignment)
        with self._lock:
            self._now[(place, assignment)] = trouble

    def clear(self, place: str, assignment: str = "") -> None:
        """Forget what was in the way there."""
        with self._lock:
            self._now.pop((place, assignment), None)

    def at(self, place: str, assignment: str = "") -> bool:
        """Whether something is in the way there."""
        with self._lock:
            return (place, assignment) in self._now

    def now(self) -> list[Trouble]:
        """Return what is in the way, each thing once."""
        with self._lock:
            found = list(self._now.values())
        return list({(t.code, t.assignment): t for t in found}.values())


def cannot_grade(found: Rehearsal) -> GraderError:
    """Return what staff are told of a rehearsal that failed where this service grades."""
    message = (
        f"채점 서비스가 시작하면서 해 본 시험 채점이 실패했습니다. {found.message} "
        "서비스의 사용자로 `autograder doctor`를 실행하면 할 일을 알려 줍니다. 낸 제출물은 그대로 기다립니다."
    )
    return GraderError(found.code, message, detail=found.detail)


def kind_of(code: str, default: Kind = Kind.MACHINE) -> Kind:
    """Return the kind of an error, `default` for one that the table does not name."""
    return KINDS.get(code, default)


def of_receipts(receipts: Iterable[Receipt]) -> list[Trouble]:
    """Return the trouble for which submissions were put back, with how many of them wait for it."""
    waiting: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        put_back = receipt.state is ReceiptState.WAITING and receipt.tries >= _TOLD_AFTER
        if put_back and receipt.code not in _NO_TROUBLE:
            code = "disk-full" if any(mark in receipt.detail for mark in _FULL) else receipt.code
            waiting.setdefault(code, []).append(receipt)
    return [
        Trouble(code, _SENTENCES.get(code, _OTHER), own[0].detail, count=len(own))
        for code, own in sorted(waiting.items())
    ]
