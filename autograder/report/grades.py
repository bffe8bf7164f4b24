"""Grades as CSV (RFC 4180) for a spreadsheet: one row for each record, nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from autograder.course_file import DEFAULT_TIMEZONE, table_time
from autograder.model import Assignment, GradeRecord
from autograder.report.sanitize import clean_text
from autograder.report.words import number

__all__ = ["excel_text", "grades_csv", "spreadsheet_text"]

_FIRST = ("student", "assignment", "score", "possible")
_LAST = ("state", "reasons", "received_at", "graded_at")

# A cell that begins so is a formula to Excel, LibreOffice or Google Sheets, full-width forms in Korean editions
# included (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")

# What Excel keeps as it is (a number of twelve digits is shown rounded), and what it takes for a number, date or time.
_WHOLE = re.compile(r"0|[1-9]\d{0,10}", re.ASCII)
_MISTAKEN = re.compile(
    r"\d[\d ./:eE-]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]?\d{1,4}", re.ASCII | re.IGNORECASE
)


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
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*_FIRST, *(spreadsheet_text(name) for name in columns.values()), *_LAST])
    for record in sorted(records, key=lambda r: (r.assignment, r.student)):
        earned = {(record.assignment, q.question): q.earned for q in record.questions}
        unsafe = ("unsafe-record",) if record.environment.get("unsafe") else ()
        writer.writerow(
            [
                spreadsheet_text(record.student),
                spreadsheet_text(record.assignment),
                _points(record.score),
                _points(record.possible),
                *(_points(earned.get(key)) for key in columns),
                record.state.value,
                spreadsheet_text(" ".join((*record.reasons, *unsafe))),
                spreadsheet_text(table_time(record.received_at, zones.get(record.assignment, DEFAULT_TIMEZONE))),
                spreadsheet_text(table_time(record.graded_at, zones.get(record.assignment, DEFAULT_TIMEZONE))),
            ]
        )
    return ("\ufeff" if bom else "") + buffer.getvalue()


def spreadsheet_text(value: str) -> str:
    """Return text for a cell: one line, cleaned, and with ``'`` before anything that would be read as a formula."""
    text = " ".join(clean_text(value, 1000).split())
    dangerous = text.lstrip(" \ufeff'\"").startswith(_FORMULA) or value.startswith(_FORMULA)
    return f"'{text}" if dangerous else text


def excel_text(value: str) -> str:
    """Return text for a cell of a file that Excel opens: ``="007"`` for what it would take for a number or a date.

    >>> excel_text("0071"), excel_text("20231234"), excel_text("sep2"), excel_text("kim")
    ('="0071"', '20231234', '="sep2"', 'kim')
    """
    return f'="{value}"' if _MISTAKEN.fullmatch(value) and not _WHOLE.fullmatch(value) else value


def _points(value: float | None) -> str:
    return "" if value is None else number(value)
