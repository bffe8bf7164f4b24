"""Grades as CSV (RFC 4180) for a spreadsheet: one row for each record; `autograder.sinks.sheet` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.course_file import DEFAULT_TIMEZONE, table_time
from autograder.model import Assignment, GradeRecord
from autograder.report.words import number
from autograder.sinks.sheet import Sheet

__all__ = ["grades_csv"]

_FIRST = ("student", "assignment", "score", "possible")
_LAST = ("state", "reasons", "received_at", "graded_at")


def grades_csv(records: Iterable[GradeRecord], assignments: Sequence[Assignment], *, bom: bool = False) -> str:
    """Return every record as one row, sorted by assignment and student.

    Columns: student, assignment, score, possible, one for each question of the assignments (``ID/question`` where there
    are several assignments), state, reasons, received_at, graded_at. What nobody knows yet is empty, never 0. Records
    graded without confinement carry ``unsafe-record`` among their reasons.

    Args:
        records: any records; those of other assignments have empty question columns.
        assignments: gives the question columns and their order.
        bom: begin with U+FEFF, without which Excel reads UTF-8 as CP949 on a Korean machine.
    """
    several = len(assignments) > 1
    columns = {(a.id, q.id): f"{a.id}/{q.id}" if several else q.id for a in assignments for q in a.questions}
    zones = {a.id: a.timezone for a in assignments}
    sheet = Sheet(number=number, bom=bom)
    sheet.row([*_FIRST, *columns.values(), *_LAST])
    for record in sorted(records, key=lambda r: (r.assignment, r.student)):
        earned = {(record.assignment, q.question): q.earned for q in record.questions}
        unsafe = ("unsafe-record",) if record.environment.get("unsafe") else ()
        zone = zones.get(record.assignment, DEFAULT_TIMEZONE)
        sheet.row(
            [
                record.student,
                record.assignment,
                record.score,
                record.possible,
                *(earned.get(key) for key in columns),
                record.state.value,
                " ".join((*record.reasons, *unsafe)),
                table_time(record.received_at, zone),
                table_time(record.graded_at, zone),
            ]
        )
    return sheet.text()
