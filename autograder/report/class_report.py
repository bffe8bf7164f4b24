"""The page staff get for a class: how it went, who needs a person and why, which questions and tests were hard.

Owns the statistics of a list of records. Staff see test names, codes and the commands to look; hidden inputs and
expected values (`TestOutcome.detail`) stay in the records, because this page is printed and passed around.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Any

from markupsafe import Markup

from autograder.course_file import time_words
from autograder.errors import GraderError
from autograder.grading.fault import without_grade
from autograder.grading.notices import Notice
from autograder.grading.records import file_stem
from autograder.model import NOT_BEGUN, Assignment, GradeRecord, Outcome, RecordState
from autograder.report.page import render
from autograder.report.plots import histogram
from autograder.report.words import expectation, number, question_label, reasons_of

__all__ = ["Links", "class_report_html", "class_values"]

_HARDEST = 12
_BAR = 120.0


@dataclass(frozen=True, slots=True)
class Links:
    """Where a student's files are: addresses, relative to the page, that are safe in a URL."""

    feedback: str
    record: str


@dataclass(frozen=True, slots=True)
class _Rate:
    label: str
    title: str
    points: str
    mean: float | None
    full: float | None
    fill: float
    counted: int


@dataclass(frozen=True, slots=True)
class _Hard:
    label: str
    title: str
    name: str
    count: int
    share: float
    message: str
    others: int


@dataclass(frozen=True, slots=True)
class _Person:
    student: str
    reasons: tuple[tuple[str, str, str], ...]
    command: str
    links: Links | None


@dataclass(frozen=True, slots=True)
class _Row:
    student: str
    score: str
    cells: tuple[tuple[str, str], ...]
    state: str
    look: bool
    received: str
    links: Links | None


def class_report_html(
    records: Iterable[GradeRecord],
    assignment: Assignment,
    *,
    errors: Sequence[GraderError] = (),
    notices: Sequence[Notice] = (),
    record_path: Callable[[GradeRecord], str] | None = None,
    links: Callable[[GradeRecord], Links] | None = None,
    course: str = "",
) -> str:
    """Return the class report as a self-contained HTML page (no script, no request, light and dark, printable).

    Args:
        records: one for each student; any number, none included.
        errors: what could not even become a record (an unreadable source, say); shown on top.
        notices: what staff should see of the class as a whole.
        record_path: where a record's file is, for the command ``autograder show FILE``; its file name if None.
        links: where a record's feedback and file are; no links if None.
        course: address of the course's report, relative to this page; "" if there is none.
    """
    values = class_values(records, assignment, record_path=record_path, links=links)
    return render("class_report.html.j2", errors=errors, notices=notices, course=course, **values)


def class_values(
    records: Iterable[GradeRecord],
    assignment: Assignment,
    *,
    record_path: Callable[[GradeRecord], str] | None = None,
    links: Callable[[GradeRecord], Links] | None = None,
) -> dict[str, Any]:
    """Return what ``class_sections.html.j2`` shows of a class: the report's own numbers, for other pages of staff's.

    Args:
        records: one for each student.
        assignment: the assignment they belong to.
        record_path: see `class_report_html`.
        links: see `class_report_html`.
    """
    rows = sorted(records, key=lambda r: r.student)
    scores = [r.score for r in rows if r.score is not None]
    people = [r for r in rows if _needs_person(r)]
    durations = [r.seconds for r in rows if r.seconds > 0]
    return {
        "title": assignment.title,
        "assignment_id": assignment.id,
        "count": len(rows),
        "graded": len(scores),
        "possible": number(assignment.points),
        "middle": number(median(scores)) if scores else None,
        "quartiles": _quartiles(scores),
        "mean": number(round(fmean(scores), 1)) if scores else None,
        "seconds": fmean(durations) if durations else None,
        "picture": histogram(scores, assignment.points) if scores else Markup(""),
        "people": [_person(r, record_path or _file_name, links or _no_links) for r in people],
        "ours": sum(map(without_grade, rows)),
        "deferred": [r.student for r in rows if any(t.outcome is Outcome.DEFERRED for t in r.tests)],
        "rates": _rates(rows, assignment),
        "hardest": _hardest(rows, assignment),
        "verdicts": _verdicts(rows),
        "questions": [(question_label(q.id) or q.title, number(q.points)) for q in assignment.questions],
        "rows": [_row(r, assignment, links or _no_links) for r in rows],
    }


def _needs_person(record: GradeRecord) -> bool:
    return record.state is RecordState.NEEDS_STAFF or record.score is None or bool(record.environment.get("unsafe"))


def _file_name(record: GradeRecord) -> str:
    return f"{file_stem(record.student, record.assignment)}.json"


def _quartiles(scores: Sequence[float]) -> str | None:
    if len(scores) < 2:
        return None
    low, _, high = quantiles(scores, n=4, method="inclusive")
    return f"{number(low)} ~ {number(high)}"


def _no_links(_: GradeRecord) -> Links | None:
    return None


def _person(
    record: GradeRecord, record_path: Callable[[GradeRecord], str], links: Callable[[GradeRecord], Links | None]
) -> _Person:
    reasons = reasons_of(record, *(["unsafe-record"] if record.environment.get("unsafe") else []))
    return _Person(record.student, reasons, f"autograder show {shlex.quote(record_path(record))}", links(record))


def _rates(records: Sequence[GradeRecord], assignment: Assignment) -> list[_Rate]:
    rates = []
    for question in assignment.questions:
        found = (q for r in records for q in r.questions if q.question == question.id)
        shares = [q.earned / q.possible for q in found if q.earned is not None and q.possible > 0]
        mean = fmean(shares) if shares else None
        full = sum(s >= 1 for s in shares) / len(shares) if shares else None
        label = "서술" if question.manual else question_label(question.id)
        fill = round(_BAR * min(max(mean or 0.0, 0.0), 1.0), 2)
        rates.append(_Rate(label, question.title, number(question.points), mean, full, fill, len(shares)))
    return rates


def _hardest(records: Sequence[GradeRecord], assignment: Assignment) -> list[_Hard]:
    """Return the tests failed or blocked most often, hardest first, at most `_HARDEST`."""
    ran: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    messages: dict[str, Counter[str]] = {}
    about: dict[str, tuple[str, str]] = {}
    for test in (t for r in records for t in r.tests if not t.badge):
        if test.outcome in (Outcome.ERROR, Outcome.DEFERRED) or test.message == NOT_BEGUN:
            continue
        ran[test.name] += 1
        about.setdefault(test.name, (test.question, test.title))
        if test.outcome in (Outcome.FAILED, Outcome.BLOCKED):
            lost[test.name] += 1
            messages.setdefault(test.name, Counter())[test.message] += 1
    labels = {q.id: question_label(q.id) or q.title for q in assignment.questions}
    hardest = []
    for name, count in sorted(lost.items(), key=lambda item: (-item[1], item[0]))[:_HARDEST]:
        question, title = about[name]
        message, often = messages[name].most_common(1)[0]
        label, expected = labels.get(question, ""), expectation(title, Outcome.FAILED)
        hardest.append(_Hard(label, expected, name, count, count / ran[name], message, count - often))
    return hardest


def _verdicts(records: Sequence[GradeRecord]) -> list[tuple[str, int, str]]:
    """Return code, number of students and an example message, most frequent first."""
    counts = Counter(code for r in records for code in {v.code for v in r.verdicts})
    example = {v.code: v.message for r in records for v in r.verdicts}
    return [
        (code, count, example[code]) for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _row(record: GradeRecord, assignment: Assignment, links: Callable[[GradeRecord], Links | None]) -> _Row:
    scores = {q.question: q for q in record.questions}
    cells = []
    for question in assignment.questions:
        score = scores.get(question.id)
        cells.append((question_label(question.id) or question.title, number(score.earned if score else None)))
    look = _needs_person(record)
    return _Row(
        student=record.student,
        score=number(record.score),
        cells=tuple(cells),
        state="조교 확인" if look else "채점 완료",
        look=look,
        received=time_words(record.received_at, assignment.timezone),
        links=links(record),
    )
