"""What students and staff are shown, as plain data: pages and the JSON interface are made of the same values.

Owns what a student may see. Never for students: `TestOutcome.detail`, `Verdict.detail`, names of test functions, points
of a question that waits for staff, a receipt's `detail`, and anything of another student but how many wait before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.catalog import assignments
from autograder.errors import AssignmentError
from autograder.grading.fault import MACHINE_BUSY
from autograder.model import Assignment, GradeRecord, Outcome, RecordState, TestOutcome
from autograder.report.class_report import class_values
from autograder.report.unbegun import told
from autograder.report.words import CARRIED, LABELS, number, question_label, reasons_of
from autograder.service.admission import Suites
from autograder.service.receipt import FINISHED, SUITE_REFUSED, Receipt, ReceiptState
from autograder.service.receipt_view import receipt_values
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings
from autograder.service.wait import Place, rounded, wait_words

__all__ = ["class_live", "class_page", "course_overview", "own_submissions", "result_for_student", "version"]

_STATES: Mapping[ReceiptState, tuple[str, str]] = {
    ReceiptState.WAITING: ("◷", "채점 대기"),
    ReceiptState.GRADING: ("▶", "채점 중"),
    ReceiptState.DONE: ("✓", "채점 완료"),
    ReceiptState.NEEDS_STAFF: ("?", "조교 확인"),
    ReceiptState.REFUSED: ("✗", "받지 못함"),
    ReceiptState.SUPERSEDED: ("–", "새 제출로 대신함"),
}
_OPEN = (ReceiptState.WAITING, ReceiptState.GRADING)
_KEPT_SECONDS = 14 * 86_400.0
_ERROR = "채점 쪽의 문제로 판정하지 못했습니다. 조교가 확인하며, 점수에 불이익은 없습니다."


def own_submissions(student: str, receipts: Receipts, settings: Settings) -> dict[str, Any]:
    """Return a student's own submissions by assignment, newest first, with state, place in the queue and score."""
    places = receipts.outlook()
    by_assignment: dict[str, list[dict[str, Any]]] = {}
    for receipt in receipts.rows(student=student):
        own = by_assignment.setdefault(receipt.assignment, [])
        counts = receipt.has_result and not any(s["has_result"] for s in own)
        own.append({**_own(receipt, places), "counts": counts})
    known, _ = assignments(settings.root)
    titles = {a.id: a.title for a in known}
    order = [*titles, *sorted(set(by_assignment) - set(titles))]
    return {
        "student": student,
        "attempts_per_hour": settings.attempts_per_hour,
        "assignments": [{"id": i, "title": titles.get(i, i), "submissions": by_assignment.get(i, [])} for i in order],
    }


def one_submission(receipt: Receipt, receipts: Receipts) -> dict[str, Any]:
    """Return the state of one submission, as its student sees it."""
    return _own(receipt, receipts.outlook())


def result_for_student(record: GradeRecord, assignment: Assignment) -> dict[str, Any]:
    """Return a result without anything that only staff may see."""
    scores = {score.question: score for score in record.questions}
    questions = []
    for question in assignment.questions:
        score = scores.get(question.id)
        earned = score.earned if score else None
        own = [t for t in record.tests if t.question == question.id and not t.badge]
        questions.append(
            {
                "id": question.id,
                "label": question_label(question.id),
                "title": question.title,
                "earned": earned,
                "possible": question.points,
                "manual": question.manual,
                "word": "" if earned is not None else "조교 채점 대기" if question.manual else "조교 확인",
                "passed": sum(t.outcome is Outcome.PASSED for t in own),
                "tests": len(own),
                "lost": [_test(t) for t in told(own) if t.outcome is not Outcome.PASSED],
            }
        )
    return {
        "score": record.score,
        "possible": record.possible,
        "state": record.state.value,
        "questions": questions,
        "notes": [{"code": v.code, "message": v.message, "fatal": v.fatal} for v in record.verdicts],
        "badges": [_test(t) for t in record.tests if t.badge],
    }


def course_overview(receipts: Receipts, settings: Settings, suites: Suites) -> dict[str, Any]:
    """Return every assignment with how its class stands, and why some cannot be graded."""
    known, broken = assignments(settings.root)
    rows = receipts.rows()
    listed = []
    for assignment in known:
        own = [r for r in rows if r.assignment == assignment.id]
        latest = _newest(own)
        listed.append(
            {
                "id": assignment.id,
                "title": assignment.title,
                "students": len(latest),
                "waiting": sum(r.state in _OPEN for r in own),
                "done": sum(r.state is ReceiptState.DONE for r in latest),
                "look": sum(_needs_look(r) for r in latest),
            }
        )
    strange = [_row(r) for r in rows if r.assignment not in {a.id for a in known}]
    return {
        "assignments": listed,
        "strange": strange,
        "stopped": _stopped(suites, broken),
    }


def class_live(assignment: Assignment, receipts: Receipts, suites: Suites) -> dict[str, Any]:
    """Return what changes while a class is graded: the queue, how far it is, and trouble."""
    rows = receipts.rows(assignment=assignment.id)
    places = receipts.outlook()
    latest = _newest(rows)
    waiting = sorted((r for r in rows if r.ref in places), key=lambda r: places[r.ref].place)
    refused = _open_refusals(rows, receipts.clock())
    results = _newest([r for r in rows if r.state in FINISHED])
    return {
        "assignment": assignment.id,
        "stopped": [stop for stop in _stopped(suites) if stop["id"] == assignment.id],
        "students": len(latest),
        "done": sum(r.state is ReceiptState.DONE for r in latest),
        "look": sum(r.state is ReceiptState.NEEDS_STAFF for r in results) + len(refused),
        "grading": [_row(r) for r in rows if r.state is ReceiptState.GRADING],
        "waiting": [{**_row(r), "place": places[r.ref].place} for r in waiting],
        "refused": [_row(r) for r in refused],
    }


def class_page(assignment: Assignment, receipts: Receipts) -> dict[str, Any]:
    """Return the class: statistics of each student's latest result, one row a student, who needs a person and why."""
    latest = receipts.latest(assignment.id)
    records = {r.student: r.summary for r in latest if r.summary is not None}
    refs = {r.student: r.ref for r in latest}
    values = class_values(records.values(), assignment)
    return {
        **values,
        "people": [_person(record, refs[student]) for student, record in records.items() if _look(record)],
        "refs": refs,
        "clocks": [r.student for r in latest if r.claimed_at and r.claimed_at != r.received_at],
        "received": {r.student: r.received_at for r in latest},
        "busy": sum(_was_busy(r) for r in latest if r.state not in _OPEN),
        "choices": [(q.id, f"{question_label(q.id)} {q.title}".strip()) for q in assignment.questions if not q.manual],
    }


def regrade_refs(assignment: Assignment, receipts: Receipts, scope: str, which: str) -> list[str]:
    """Return the receipts a regrade means: one student's latest, all latest, those that a question is about, or those
    that wait for a person because the machine was too busy (``busy``).

    Records are whole submissions, so a question's regrade is that of every submission which lost points in it or has
    no points in it yet.

    Raises:
        KeyError: no such student or question.
    """
    latest = [r for r in receipts.latest(assignment.id) if r.state not in _OPEN]
    if scope == "all":
        return [r.ref for r in latest]
    if scope == "student":
        found = [r.ref for r in latest if r.student == which]
        if not found:
            raise KeyError(which)
        return found
    if scope == "busy":
        return [r.ref for r in latest if _was_busy(r)]
    question = assignment.question(which)
    if scope != "question" or question.manual:
        raise KeyError(scope)
    return [r.ref for r in latest if r.summary is not None and _lost_points(r.summary, question.id)]


def version(value: Any) -> str:
    """Return a short mark that changes when the value does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _stopped(suites: Suites, broken: Sequence[AssignmentError] = ()) -> list[dict[str, Any]]:
    """Return the assignments that are not graded because of their own files, and why."""
    trying = suites.trying()
    found = [
        {"id": i, "code": e.code, "message": e.message, "detail": e.detail, "trying": i in trying}
        for i, e in sorted(suites.refused().items())
        if e.code != "assignment-unknown"
    ]
    known = {stop["message"] for stop in found}
    return found + [
        {"id": "", "code": e.code, "message": e.message, "detail": e.detail, "trying": False}
        for e in broken
        if e.message not in known
    ]


def _own(receipt: Receipt, places: Mapping[str, Place]) -> dict[str, Any]:
    sign, word = _STATES[receipt.state]
    waits = places.get(receipt.ref)
    place = waits.place if waits else None
    note = receipt.reason
    if receipt.state is ReceiptState.WAITING:
        if receipt.code == "attempts-exceeded":
            word = "시간당 횟수 초과"
        elif receipt.regrade is not None:
            word = "다시 채점 대기"
        elif receipt.put_off:
            note = (
                "채점 장비가 바빠 미루어졌습니다. 답이 틀렸다는 뜻이 아닙니다. 저절로 다시 채점하며, "
                "점수에 불이익은 없습니다."
            )
        elif receipt.code == SUITE_REFUSED:
            word, place = "채점 준비 중", None
            note = (
                "이 과제의 채점 기준을 담당자가 고치고 있습니다. 고치면 저절로 채점하며, 다시 제출하지 않아도 됩니다. "
                "점수에 불이익은 없습니다."
            )
        elif receipt.code:
            note = "채점 장비의 문제로 미루어졌습니다. 저절로 다시 시도하며, 점수에 불이익은 없습니다."
    return {
        "ref": receipt.ref,
        "assignment": receipt.assignment,
        "received_at": receipt.received_at,
        "state": receipt.state.value,
        "sign": sign,
        "word": word,
        "place": place,
        "expected_seconds": rounded(waits.seconds) if waits and place else None,
        "wait": wait_words(waits.seconds) if waits and place else "",
        "receipt": receipt_values(receipt),
        "until": receipt.not_before if receipt.code == "attempts-exceeded" else None,
        "code": receipt.code if receipt.state in (ReceiptState.REFUSED, ReceiptState.WAITING) else "",
        "note": note,
        "score": receipt.score,
        "possible": receipt.possible,
        "has_result": receipt.has_result,
    }


def _row(receipt: Receipt) -> dict[str, Any]:
    sign, word = _STATES[receipt.state]
    return {
        "ref": receipt.ref,
        "student": receipt.student,
        "assignment": receipt.assignment,
        "folder": receipt.folder,
        "received_at": receipt.received_at,
        "state": receipt.state.value,
        "sign": sign,
        "word": "다시 채점 대기" if receipt.state in _OPEN and receipt.regrade is not None else word,
        "code": receipt.code,
        "reason": receipt.reason,
        "detail": receipt.detail,
        "tries": receipt.tries,
        "until": receipt.not_before or None,
    }


def _newest(rows: Sequence[Receipt]) -> list[Receipt]:
    """Return each student's newest receipt; `rows` come newest first."""
    found: dict[str, Receipt] = {}
    for receipt in rows:
        if receipt.student and receipt.state is not ReceiptState.SUPERSEDED:
            found.setdefault(receipt.student, receipt)
    return list(found.values())


def _open_refusals(rows: Sequence[Receipt], now: float) -> list[Receipt]:
    """Return refusals that a person may still have to do something about.

    Not those of a student who has handed in since, and none older than two weeks that belongs to nobody.
    """
    newest = {r.student: r.order for r in reversed(rows) if r.state is not ReceiptState.REFUSED}
    since = dt.datetime.fromtimestamp(now - _KEPT_SECONDS, dt.UTC).isoformat()
    return [
        r
        for r in rows
        if r.state is ReceiptState.REFUSED
        and (newest.get(r.student, ("", 0)) < r.order if r.student else r.received_at > since)
    ]


def _needs_look(receipt: Receipt) -> bool:
    return receipt.state in (ReceiptState.NEEDS_STAFF, ReceiptState.REFUSED)


def _look(record: GradeRecord) -> bool:
    return record.state is RecordState.NEEDS_STAFF or record.score is None


def _was_busy(receipt: Receipt) -> bool:
    return receipt.summary is not None and MACHINE_BUSY in receipt.summary.reasons


def _person(record: GradeRecord, ref: str) -> dict[str, Any]:
    return {"student": record.student, "ref": ref, "reasons": list(reasons_of(record))}


def _lost_points(record: GradeRecord, question: str) -> bool:
    score = next((s for s in record.questions if s.question == question), None)
    return score is None or score.earned is None or score.earned < score.possible


def _test(test: TestOutcome) -> dict[str, Any]:
    label = LABELS[test.outcome.value]
    return {
        "title": test.title,
        "outcome": test.outcome.value,
        "sign": label.sign,
        "word": label.word,
        "message": _ERROR if test.outcome is Outcome.ERROR else test.message,
        "points": number(test.points),
        "note": CARRIED if test.carried else "",
    }
