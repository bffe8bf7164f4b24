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
from autograder.integrations.offered import State
from autograder.korean import with_particle
from autograder.model import Assignment, GradeRecord, Outcome, RecordState, TestOutcome
from autograder.report.class_report import class_values
from autograder.report.standing import Mark, Standing, late_words, standing_of_score, told_total
from autograder.report.unbegun import told
from autograder.report.words import CARRIED, LABELS, expectation, number, question_label, reasons_of
from autograder.service.admission import Suites
from autograder.service.board import own_words
from autograder.service.book import Book, Reading
from autograder.service.publish import is_about
from autograder.service.receipt import FINISHED, SUITE_REFUSED, Receipt, ReceiptState
from autograder.service.receipt_view import receipt_values
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings
from autograder.service.trouble import Kind, kind_of, of_receipts
from autograder.service.wait import Place, rounded, wait_words

__all__ = [
    "class_live",
    "class_page",
    "course_overview",
    "has_assignment",
    "own_submissions",
    "result_for_student",
    "version",
]

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


def own_submissions(
    student: str, receipts: Receipts, settings: Settings, book: Book | None = None, base: str = "/"
) -> dict[str, Any]:
    """Return a student's own submissions by assignment, newest first, with state, place in the queue and points.

    Only what is released is listed, and what the student has handed in.

    Args:
        student: whose they are.
        receipts: the table of what arrived.
        settings: the course.
        book: the gradebook and the configuration, read.
        base: JupyterHub's base URL.
    """
    book = book or Book(settings)
    places = receipts.outlook()
    by_assignment: dict[str, list[Receipt]] = {}
    for receipt in receipts.rows(student=student):
        by_assignment.setdefault(receipt.assignment, []).append(receipt)
    offers = {o.id: o for o in book.offered_lately(lambda: _assignments(receipts), receipts.clock())}
    known = {a.id: a for a in assignments(settings.root)[0]}
    order = [i for i in known if i in by_assignment or offers[i].released]
    listed = []
    for name in [*order, *sorted(set(by_assignment) - set(known))]:
        assignment = known.get(name)
        own = _own_assignment(name, assignment, by_assignment.get(name, []), places, book, student, base)
        if name in offers and not offers[name].released and _counting(by_assignment.get(name, [])) is None:
            own["title"], own["board"] = name, ""  # handed in without having been released: its title is not told
        listed.append(own)
    return {"student": student, "attempts_per_hour": settings.attempts_per_hour, "assignments": listed}


def has_assignment(student: str, assignment: Assignment, receipts: Receipts, book: Book) -> bool:
    """Say whether a student may know of an assignment: it is released, or a work of the student's has been graded."""
    offers = book.offered_lately(lambda: _assignments(receipts), receipts.clock())
    if any(offer.id == assignment.id and offer.released for offer in offers):
        return True
    return _counting(receipts.rows(student=student, assignment=assignment.id)) is not None


def one_submission(receipt: Receipt, receipts: Receipts, book: Book | None = None) -> dict[str, Any]:
    """Return the state and the points of one submission, as its student sees them.

    Args:
        receipt: the submission.
        receipts: the table of what arrived.
        book: the gradebook and the configuration, read; None leaves the gradebook out.
    """
    own = _own(receipt, receipts.outlook())
    if book is None:
        return own
    assignment = {a.id: a for a in assignments(book.settings.root)[0]}.get(receipt.assignment)
    reading = book.reading(assignment) if assignment else Reading({})
    newest = _counting(receipts.rows(student=receipt.student, assignment=receipt.assignment))
    counts = newest is not None and newest.ref == receipt.ref
    return {**own, "counts": counts, **_points(receipt, counts, assignment, reading, book)}


def result_for_student(record: GradeRecord, assignment: Assignment, standing: Standing | None = None) -> dict[str, Any]:
    """Return a result without anything that only staff may see.

    Args:
        record: what the grader found.
        assignment: the record's assignment.
        standing: what the gradebook says of this submission, None if it is about another one.
    """
    scores = {score.question: score for score in record.questions}
    marks = standing.marks if standing else {}
    questions = []
    for question in assignment.questions:
        score, mark = scores.get(question.id), marks.get(question.id)
        decided = mark is not None and not mark.open and (mark.by_hand or question.manual)
        earned = mark.score if mark is not None and decided else score.earned if score else None
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
                "decided": _decided(mark) if mark is not None and decided else "",
                "comment": mark.comment if mark is not None else "",
                "carried": CARRIED if any(t.carried for t in own) else "",
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


def counted_standing(receipt: Receipt, receipts: Receipts, assignment: Assignment, book: Book) -> Standing | None:
    """Return what the gradebook says of a submission, None if it is about another one or about none."""
    newest = _counting(receipts.rows(student=receipt.student, assignment=receipt.assignment))
    if newest is None or newest.ref != receipt.ref:
        return None
    return _standing(receipt, book.reading(assignment))


def course_overview(receipts: Receipts, settings: Settings, suites: Suites, book: Book | None = None) -> dict[str, Any]:
    """Return every assignment with how its class stands, and why some cannot be graded."""
    book = book or Book(settings)
    known, broken = assignments(settings.root)
    rows = receipts.rows()
    offers = {o.id: o for o in book.offered(_assignments(receipts), receipts.clock())}
    listed = []
    for assignment in known:
        own = [r for r in rows if r.assignment == assignment.id]
        latest = _newest(own)
        offer = offers[assignment.id]
        listed.append(
            {
                "id": assignment.id,
                "title": assignment.title,
                "state": offer.state.value,
                "word": offer.word,
                "due": offer.due,
                "students": len(latest),
                "waiting": sum(r.state in _OPEN for r in own),
                "done": sum(r.state is ReceiptState.DONE for r in latest),
                "look": sum(_needs_look(r) for r in latest),
            }
        )
    strange = [_row(r) for r in rows if r.assignment not in {a.id for a in known} | {e.id for e in offers.values()}]
    return {
        "assignments": [a for a in listed if a["state"] != State.UNMADE],
        "unreleased": [a for a in listed if a["state"] == State.UNMADE],
        "strange": strange,
        "stopped": _stopped(suites, book, rows, broken),
    }


def class_live(assignment: Assignment, receipts: Receipts, suites: Suites, book: Book | None = None) -> dict[str, Any]:
    """Return what changes while a class is graded: the queue, how far it is, its totals, and trouble."""
    rows = receipts.rows(assignment=assignment.id)
    places = receipts.outlook()
    latest = _newest(rows)
    waiting = sorted((r for r in rows if r.ref in places), key=lambda r: places[r.ref].place)
    refused = _open_refusals(rows, receipts.clock())
    results = _newest([r for r in rows if r.state in FINISHED])
    stops = _stopped(suites, book, receipts.rows(states=(ReceiptState.WAITING,)))
    return {
        "assignment": assignment.id,
        "stopped": [stop for stop in stops if stop["id"] in ("", assignment.id)],
        "students": len(latest),
        "done": sum(r.state is ReceiptState.DONE for r in latest),
        "look": sum(r.state is ReceiptState.NEEDS_STAFF for r in results) + len(refused),
        "grading": [_row(r) for r in rows if r.state is ReceiptState.GRADING],
        "waiting": [{**_row(r), "place": places[r.ref].place} for r in waiting],
        "refused": [_row(r) for r in refused],
        "totals": {} if book is None else class_totals(assignment, rows, book),
    }


def class_totals(assignment: Assignment, rows: Sequence[Receipt], book: Book) -> dict[str, dict[str, Any]]:
    """Return by student what the latest result counts, with a person's points by question; `rows` come newest first."""
    reading = book.reading(assignment)
    newest: dict[str, Receipt] = {}
    for receipt in rows:
        if receipt.has_result:
            newest.setdefault(receipt.student, receipt)
    found = {}
    for student, receipt in newest.items():
        standing = _standing(receipt, reading)
        marks = [standing.marks.get(q.id) if standing else None for q in assignment.questions]
        given = [m.score if m is not None and not m.open and (m.by_hand or m.reads) else None for m in marks]
        found[student] = {**_points(receipt, True, assignment, reading, book)["points"], "given": given}
    return found


def class_page(assignment: Assignment, receipts: Receipts, book: Book | None = None) -> dict[str, Any]:
    """Return the class: statistics of each student's latest result, one row a student, who needs a person and why."""
    latest = receipts.latest(assignment.id)
    records = {r.student: r.summary for r in latest if r.summary is not None}
    refs = {r.student: r.ref for r in latest}
    values = class_values(records.values(), assignment)
    reading = book.reading(assignment) if book else Reading({})
    return {
        **values,
        "people": [_person(record, refs[student]) for student, record in records.items() if _look(record)],
        "refs": refs,
        "clocks": [r.student for r in latest if r.claimed_at and r.claimed_at != r.received_at],
        "received": {r.student: r.received_at for r in latest},
        "late": {r.student: bool(_lateness(r, reading)[0]) for r in latest},
        "due": reading.due,
        "has_board": assignment.open_problem is not None,
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


def _stopped(
    suites: Suites, book: Book | None, rows: Sequence[Receipt], broken: Sequence[AssignmentError] = ()
) -> list[dict[str, Any]]:
    """Return what stops grading, or keeps results out of the gradebook: each thing once, with what to do."""
    trying = suites.trying()
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def add(code: str, message: str, detail: str, assignment: str, *, again: bool = False, count: int = 0) -> None:
        kind = kind_of(code, Kind.FILE if again else Kind.MACHINE)
        name = assignment if kind is Kind.FILE else ""
        stop = {"id": name, "kind": kind.value, "code": code, "message": message, "detail": detail, "count": count}
        found.setdefault((code, name or message), {**stop, "trying": name in trying, "again": again and bool(name)})

    for name, error in sorted(suites.refused().items()):
        if error.code != "assignment-unknown":
            add(error.code, error.message, error.detail, name, again=True)
    known = {stop["message"] for stop in found.values()}
    for error in broken:
        if error.message not in known:
            add(error.code, error.message, error.detail, "", again=True)
    for trouble in book.troubles.now() if book else ():
        add(trouble.code, trouble.message, trouble.detail, trouble.assignment)
    codes = {stop["code"] for stop in found.values()}
    for trouble in of_receipts(rows):
        if trouble.code not in codes:
            add(trouble.code, trouble.message, trouble.detail, "", count=trouble.count)
    order = [kind.value for kind in Kind]
    return sorted(found.values(), key=lambda stop: (order.index(stop["kind"]), stop["id"]))


def _own_assignment(
    name: str,
    assignment: Assignment | None,
    rows: Sequence[Receipt],
    places: Mapping[str, Place],
    book: Book,
    student: str,
    base: str,
) -> dict[str, Any]:
    """Return one assignment of a student's own; `rows` come newest first."""
    reading = book.reading(assignment) if assignment else Reading({})
    newest = _counting(rows)
    submissions = []
    for receipt in rows:
        counts = newest is not None and receipt.ref == newest.ref
        points = _points(receipt, counts, assignment, reading, book)
        submissions.append({**_own(receipt, places), "counts": counts, **points})
    standing = reading.standings.get(student)
    due = standing.due if standing and standing.due else reading.due
    return {
        "id": name,
        "title": assignment.title if assignment else name,
        "due": due,
        "cost": book.cost(assignment, student) if assignment and due else "",
        "notebook": book.notebook(assignment, base) if assignment else "",
        "board": own_words(assignment, next(iter(rows), None)) if assignment and assignment.open_problem else "",
        "submissions": submissions,
    }


def _counting(rows: Sequence[Receipt]) -> Receipt | None:
    """Return the submission that counts, the newest with a result; `rows` come newest first."""
    return next((receipt for receipt in rows if receipt.has_result), None)


def _standing(receipt: Receipt, reading: Reading) -> Standing | None:
    """Return what the gradebook says of a submission, None if its row is of another one."""
    found = reading.standings.get(receipt.student)
    return found if found is not None and is_about(found, receipt) else None


def _lateness(receipt: Receipt, reading: Reading) -> tuple[str, Standing | None]:
    """Return in words how late a submission is, and the gradebook's standing of it."""
    standing = _standing(receipt, reading)
    own = reading.standings.get(receipt.student)
    due = own.due if own is not None else reading.due
    known = standing is not None and not standing.waits
    return late_words(due, receipt.received_at, standing.penalty if standing and known else None), standing


def _points(
    receipt: Receipt, counts: bool, assignment: Assignment | None, reading: Reading, book: Book
) -> dict[str, Any]:
    """Return what a submission counts, in numbers and in words; no points of anything that waits for a person.

    The gradebook's own numbers stand with the submission that it is about; of any other, what the tests gave.
    """
    late, standing = _lateness(receipt, reading)
    pending = False
    if not counts:
        standing = None
    elif standing is None:
        pending = receipt.has_result and (not reading.known or book.held(receipt.assignment))
    if not receipt.has_result:
        return {"points": None, "late": late, "pending": pending}
    shown = standing or standing_of_score(receipt.score, receipt.possible or 0.0, assignment)
    told = told_total(shown)
    given = [m.manual for m in shown.marks.values() if m.manual is not None and not m.open]
    return {
        "points": {
            "total": standing.total if standing else None,
            "possible": shown.possible,
            "automatic": shown.automatic,
            "by_hand": sum(given) if given else None,
            "extra": shown.extra,
            "penalty": shown.penalty,
            "entered": standing is not None,
            "parts": list(told.parts),
            "words": told.total if standing else "",
            "waits": list(told.waits) if counts else [],
        },
        "late": late,
        "pending": pending,
    }


def _decided(mark: Mark) -> str:
    """Return who decided on a question, where a person did."""
    return "조교가 정한 점수입니다." if mark.by_hand else ""


def _own(receipt: Receipt, places: Mapping[str, Place]) -> dict[str, Any]:
    sign, word = _STATES[receipt.state]
    waits = places.get(receipt.ref)
    place = waits.place if waits else None
    note = receipt.reason
    if receipt.state is ReceiptState.GRADING and receipt.regrade is not None:
        word = "다시 채점 중"
    if receipt.state is ReceiptState.WAITING:
        refused = receipt.code == SUITE_REFUSED
        kind = kind_of(receipt.detail, Kind.FILE) if refused else kind_of(receipt.code)
        if receipt.code == "attempts-exceeded":
            word = "시간당 횟수 초과"
        elif receipt.regrade is not None:
            word = "다시 채점 대기"
        elif receipt.put_off:
            note = (
                "채점 장비가 바빠 미루어졌습니다. 답이 틀렸다는 뜻이 아닙니다. 저절로 다시 채점하며, "
                "점수에 불이익은 없습니다."
            )
        elif refused or (receipt.code and kind is not Kind.MACHINE):
            word, place = "채점 준비 중", None
            what = "과목의 설정" if kind is Kind.COURSE else "이 과제의 채점 기준"
            note = (
                f"{with_particle(what, '을/를')} 담당자가 고치고 있습니다. 고치면 저절로 채점하며, "
                "다시 제출하지 않아도 됩니다. 점수에 불이익은 없습니다."
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
        "word": _again(receipt.state) if receipt.state in _OPEN and receipt.regrade is not None else word,
        "code": receipt.code,
        "reason": receipt.reason,
        "detail": receipt.detail,
        "tries": receipt.tries,
        "until": receipt.not_before or None,
    }


def _assignments(receipts: Receipts) -> frozenset[str]:
    """Return the assignments of which something was graded."""
    return frozenset(receipt.assignment for receipt in receipts.rows(states=FINISHED))


def _again(state: ReceiptState) -> str:
    return "다시 채점 중" if state is ReceiptState.GRADING else "다시 채점 대기"


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
        "title": expectation(test.title, test.outcome),
        "outcome": test.outcome.value,
        "sign": label.sign,
        "word": label.word,
        "message": _ERROR if test.outcome is Outcome.ERROR else test.message,
        "points": number(test.points),
    }
