"""What staff should see of a class as a whole, and no student is shown: names that look alike, equal contents.

A notice costs no grade and accuses nobody: equal files come of a mistaken upload as well. Work that nobody has written
anything into is no notice, however many hand it in.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.records import write_atomically
from autograder.grading.whose import UNKNOWN
from autograder.intake import notebook_digest, read_notebook
from autograder.intake.findings import verdict
from autograder.intake.likeness import skeleton
from autograder.model import Assignment, GradeRecord

__all__ = ["NOTICES_FILE", "Notice", "class_notices", "read_notices", "template_digest", "write_notices"]

NOTICES_FILE = "notices.json"
"""In the result folder: every assignment's notices, for ``autograder show``; made anew with the class's views."""

_NOT_WRITTEN = frozenset({"unanswered", "cell-missing", "template-untouched"})
_READABLE_BUT_HELD = frozenset({UNKNOWN, "student-collision"})
_SHOWN = 4
"""Names in a sentence; the notice itself has them all."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding about several students.

    Args:
        code: ``name-looks-alike`` or ``content-equal``.
        students: whom it is about, sorted.
        message: Korean, for staff.
    """

    code: str
    students: tuple[str, ...]
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return {"code": self.code, "students": list(self.students), "message": self.message, "detail": ""}


def class_notices(
    records: Sequence[GradeRecord], assignment: Assignment, *, names: Collection[str] = (), template: str | None = None
) -> list[Notice]:
    """Return the notices on an assignment's current records.

    Args:
        records: one for each student.
        assignment: the assignment they belong to.
        names: students with work of any assignment: one who is written in two ways in two weeks shows only so.
        template: digest of the notebook as it was released, if known.
    """
    students = {record.student for record in records}
    alike: dict[str, set[str]] = {}
    for student in students.union(names):
        alike.setdefault(skeleton(student), set()).add(student)
    equal: dict[str, set[str]] = {}
    for record in records:
        if record.digest != template and _holds_work(record, assignment):
            equal.setdefault(record.digest, set()).add(record.student)
    return [
        *_told("name-looks-alike", (group for group in alike.values() if group & students)),
        *_told("content-equal", equal.values()),
    ]


def template_digest(assignment: Assignment, root: Path) -> str | None:
    """Return the digest of the released notebook in a course folder, None if it is not there."""
    try:
        notebook, _ = read_notebook((root / "assignments" / assignment.id / assignment.notebook).read_bytes())
    except OSError:
        return None
    return None if notebook is None else notebook_digest(notebook)


def write_notices(out: Path, notices: Mapping[str, Sequence[Notice]]) -> None:
    """Write a result folder's notices, by assignment."""
    found = {assignment: [notice.to_dict() for notice in own] for assignment, own in notices.items()}
    write_atomically(out / NOTICES_FILE, json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def read_notices(record_file: Path, record: GradeRecord) -> list[Notice]:
    """Return what is noted about a record's student and assignment, none if the file is in no result folder."""
    try:
        found = json.loads((record_file.parent.parent / NOTICES_FILE).read_text(encoding="utf-8"))
        notices = [Notice(n["code"], tuple(n["students"]), n["message"]) for n in found.get(record.assignment, [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return [notice for notice in notices if record.student in notice.students]


def _told(code: str, groups: Iterable[Collection[str]]) -> list[Notice]:
    notices = []
    for group in sorted(sorted(names) for names in groups if len(names) > 1):
        shown = ", ".join(group[:_SHOWN]) + (", …" if len(group) > _SHOWN else "")
        notices.append(Notice(code, tuple(group), verdict(code, name=shown, count=len(group)).message))
    return notices


def _holds_work(record: GradeRecord, assignment: Assignment) -> bool:
    """Whether the notebook could be read and somebody has written an answer into it, as far as the record tells."""
    if any(v.fatal and v.code not in _READABLE_BUT_HELD for v in record.verdicts):
        return False
    blank = {v.cell for v in record.verdicts if v.code in _NOT_WRITTEN}
    return not {question.solution_cell for question in assignment.questions} <= blank
