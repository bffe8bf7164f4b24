"""The page staff open first where there are several assignments: each assignment in a line, each student in a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from autograder.model import Assignment, GradeRecord, Outcome, RecordState
from autograder.report.page import render
from autograder.report.words import number

__all__ = ["course_report_html"]


def course_report_html(
    records: Mapping[str, Sequence[GradeRecord]],
    assignments: Sequence[Assignment],
    links: Mapping[str, str],
    *,
    feedback: Callable[[GradeRecord], str] | None = None,
) -> str:
    """Return the overview of a course as one HTML page.

    Args:
        records: assignment id to its records, one a student.
        assignments: in the course's order.
        links: assignment id to the address of its class report, relative to this page.
        feedback: where a record's feedback is, relative to this page and safe in a URL; no links if None.
    """
    lines = [_line(assignment, records[assignment.id], links[assignment.id]) for assignment in assignments]
    of_student: dict[str, dict[str, GradeRecord]] = {}
    for assignment in assignments:
        for record in records[assignment.id]:
            of_student.setdefault(record.student, {})[assignment.id] = record
    rows = [
        {"student": student, "cells": [_cell(own.get(assignment.id), feedback) for assignment in assignments]}
        for student, own in sorted(of_student.items())
    ]
    return render("course_report.html.j2", lines=lines, rows=rows)


def _line(assignment: Assignment, records: Sequence[GradeRecord], link: str) -> dict[str, object]:
    scores = [record.score for record in records if record.score is not None]
    return {
        "id": assignment.id,
        "title": assignment.title,
        "link": link,
        "count": len(records),
        "staff": sum(record.state is RecordState.NEEDS_STAFF for record in records),
        "deferred": sum(any(test.outcome is Outcome.DEFERRED for test in record.tests) for record in records),
        "middle": number(median(scores)) if scores else "–",
        "possible": number(assignment.points),
    }


def _cell(record: GradeRecord | None, feedback: Callable[[GradeRecord], str] | None) -> dict[str, object]:
    if record is None:
        return {"score": "", "staff": False, "link": ""}
    score = "–" if record.score is None else number(record.score)
    return {
        "score": score,
        "staff": record.state is RecordState.NEEDS_STAFF,
        "link": feedback(record) if feedback else "",
    }
