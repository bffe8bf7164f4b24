"""When an assignment is due for a student, as nbgrader's gradebook says it; read without nbgrader, which takes 3 s."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

__all__ = ["due_date"]

_LOCKED_SECONDS = 1.0
"""For another program to let go of the gradebook; then nobody knows the date at this moment."""
_EPOCH = dt.datetime(1970, 1, 1)
"""An extension stands in the gradebook as this moment plus its length (SQLAlchemy's Interval on SQLite)."""


def due_date(gradebook: Path, assignment: str, student: str) -> dt.datetime | None:
    """Return when a student's work is due, in UTC, an extension added; None if there is no date or none to be read.

    Args:
        gradebook: nbgrader's SQLite file.
        assignment: assignment id.
        student: student id.
    """
    if not gradebook.is_file():
        return None
    own = (
        "select extension from submitted_assignment where student_id = ?1 "
        "and assignment_id = (select id from assignment where name = ?2)"
    )
    try:
        url = f"file:{gradebook.resolve().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro"
        with contextlib.closing(sqlite3.connect(url, uri=True, timeout=_LOCKED_SECONDS)) as database:
            due = database.execute("select duedate from assignment where name = ?", (assignment,)).fetchone()
            extension = database.execute(own, (student, assignment)).fetchone()
        if due is None or due[0] is None:
            return None
        moment = dt.datetime.fromisoformat(due[0])
        if extension is not None and extension[0] is not None:
            moment += dt.datetime.fromisoformat(extension[0]) - _EPOCH
    except (sqlite3.Error, ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=dt.UTC)
