"""The page a student gets: what was earned, what to fix first, what was found, their own figures and notebook.

Owns what a student may see of a `GradeRecord`. Never on this page: `TestOutcome.detail`, `Verdict.detail`, names of
test functions, points of a question that waits for staff, the record's source, environment and seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.cells import cell_place, numbered
from autograder.course_file import time_words
from autograder.grading.fault import OUR_FAULT
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.marks import figures_state
from autograder.model import Assignment, GradeRecord, Outcome, QuestionScore, RecordState, TestOutcome, Verdict
from autograder.report.notebook_view import NotebookView, view_notebook
from autograder.report.page import render
from autograder.report.standing import Mark, Standing, due_words, late_words, told_total
from autograder.report.unbegun import is_unbegun, told
from autograder.report.words import (
    CARRIED,
    FIGURES,
    LABELS,
    badge_word,
    cell_sentence,
    expectation,
    number,
    question_label,
)

__all__ = ["feedback_html"]

_UNSEEN = Mark(None, waits=True)
_BAR = 240.0
"""Width, in the bar's own units, of the track of the question worth most."""


@dataclass(frozen=True, slots=True)
class _Test:
    key: str
    sign: str
    word: str
    title: str
    message: str
    points: str


@dataclass(frozen=True, slots=True)
class _Question:
    anchor: str
    label: str
    title: str
    earned: str
    possible: str
    word: str
    track: float
    fill: float
    unfolded: bool
    manual: bool
    decided: str
    comment: str
    carried: str
    tests: tuple[_Test, ...]


@dataclass(frozen=True, slots=True)
class _Stop:
    where: str
    what: str
    ename: str
    line: int
    code: str


@dataclass(frozen=True, slots=True)
class _First:
    anchor: str
    where: str
    title: str
    message: str


def feedback_html(
    record: GradeRecord, assignment: Assignment, standing: Standing | None = None, *, way_back: str = ""
) -> str:
    """Return one student's feedback as a self-contained HTML page (no script, no request, light and dark).

    Args:
        record: what the grader found.
        assignment: the record's assignment.
        standing: what the gradebook adds, None where there is no gradebook.
        way_back: address of the page that this one is opened from, "" if it is no part of a site.
    """
    view = view_notebook(record.executed)
    standing = standing or Standing()
    total = standing.total
    late = late_words(standing.due, standing.received, None if standing.waits else standing.penalty)
    questions = _questions(record, assignment, standing)
    fatal = next((v for v in record.verdicts if v.fatal), None)
    nothing = next((v for v in record.verdicts if v.code in NOTHING_TO_GRADE), None)
    manual = [q for q in record.questions if q.state == "manual"]
    known = [q.earned for q in record.questions if q.state != "manual" and q.earned is not None]
    return render(
        "feedback.html.j2",
        record=record,
        title=assignment.title,
        received=time_words(record.received_at, assignment.timezone),
        graded=time_words(record.graded_at, assignment.timezone),
        score=None if record.score is None else number(record.score),
        possible=number(record.possible),
        known=number(sum(known)) if record.score is None and known else None,
        open_points=number(sum(q.possible for q in record.questions if q.state == "needs-staff")),
        manual_points=number(sum(q.possible for q in manual)),
        manual_waits=any(standing.marks.get(q.question, _UNSEEN).waits for q in manual),
        total=None if total is None else number(total),
        total_possible=number(standing.possible),
        told=told_total(standing) if standing.marks else None,
        due=due_words(standing.due, assignment.timezone),
        late=late,
        way_back=way_back,
        results=bool(fatal is None or record.tests or any(mark.by_hand for mark in standing.marks.values())),
        badge=badge_word({t.outcome for t in record.tests if t.badge}),
        badge_tests=tuple(_test(t) for t in record.tests if t.badge),
        fatal=fatal,
        ours=fatal is not None and fatal.code in OUR_FAULT,
        nothing=nothing,
        notes=[(v, _beside(v, assignment)) for v in record.verdicts if v is not fatal and v is not nothing],
        questions=questions,
        first=_first(record, assignment),
        perfect=record.score is not None and record.score >= record.possible > 0,
        waits=record.state is RecordState.NEEDS_STAFF and total is None,
        stops=_stops(record, view, assignment),
        skipped=sum(run.status == "skipped" for run in record.cells),
        notebook=view,
        figures_note=FIGURES.get(figures_state(record.executed), ""),
        grade_labels={q.solution_cell: question_label(q.id) or q.title for q in assignment.questions},
    )


def _questions(record: GradeRecord, assignment: Assignment, standing: Standing) -> tuple[_Question, ...]:
    scores = {score.question: score for score in record.questions}
    largest = max((q.points for q in assignment.questions), default=0.0) or 1.0
    made = []
    for place, question in enumerate(assignment.questions, start=1):
        score = scores.get(question.id) or QuestionScore(question.id, None, question.points, "needs-staff")
        mark = standing.marks.get(question.id, _UNSEEN)
        known = mark.score is not None and (mark.by_hand or question.manual)
        points = mark.score if known else score.earned
        share = min(max((points or 0.0) / score.possible, 0.0), 1.0) if score.possible > 0 else 0.0
        full = points is not None and points >= score.possible
        counted = [t for t in record.tests if t.question == question.id and not t.badge]
        own = tuple(_test(t) for t in told(counted))
        track = _BAR * min(question.points / largest, 1.0)
        made.append(
            _Question(
                anchor=f"question-{place}",
                label="서술" if question.manual else question_label(question.id),
                title=question.title,
                earned=number(points),
                possible=number(score.possible),
                word="" if known else _state_word(score),
                track=round(track, 2),
                fill=round(track * share, 2),
                unfolded=bool(mark.comment) or (not question.manual and (not full or any(t.carried for t in counted))),
                manual=question.manual,
                decided=_decided(mark, question.manual),
                comment=mark.comment,
                carried=CARRIED if any(t.carried for t in counted) else "",
                tests=own,
            )
        )
    return tuple(made)


def _decided(mark: Mark, manual: bool) -> str:
    """Return who decided, where a person did: what stands on the page must not look like the tests' own sum."""
    if not mark.by_hand:
        return ""
    if mark.waits:
        return "조교가 전에 정한 점수이며, 새 제출물을 보고 다시 확인합니다."
    return "조교가 읽고 채점했습니다." if manual else "조교가 확인하고 정한 점수입니다. 아래는 자동 채점의 결과입니다."


def _state_word(score: QuestionScore) -> str:
    if score.state == "manual":
        return "조교 채점 대기" if score.earned is None else ""
    return "조교 확인" if score.earned is None else ""


def _test(test: TestOutcome) -> _Test:
    label = LABELS[test.outcome.value]
    staff = "채점 쪽의 문제로 판정하지 못했습니다. 조교가 확인하며, 점수에 불이익은 없습니다."
    return _Test(
        key=test.outcome.value,
        sign=label.sign,
        word=label.word,
        title=expectation(test.title, test.outcome),
        message=staff if test.outcome is Outcome.ERROR else test.message,
        points="배지" if test.badge else f"{number(test.points)}점",
    )


def _first(record: GradeRecord, assignment: Assignment) -> _First | None:
    """Return the first test to look at: of the first question that lost points, a failed one before a blocked one."""
    for place, question in enumerate(assignment.questions, start=1):
        own = told([t for t in record.tests if t.question == question.id and not t.badge])
        for outcome in (Outcome.FAILED, Outcome.BLOCKED):
            for test in own:
                if test.outcome is outcome:
                    where = f"{question_label(question.id)} {question.title}".strip()
                    title = expectation(test.title, outcome)
                    return _First(f"question-{place}", where, title, test.message)
    return None


def _stops(record: GradeRecord, view: NotebookView, assignment: Assignment) -> tuple[_Stop, ...]:
    """Return where the notebook stopped; that a stub stops is told with its question."""
    labels = {q.solution_cell: question_label(q.id) or q.title for q in assignment.questions}
    stubs = {
        q.solution_cell
        for q in assignment.questions
        if is_unbegun(test for test in record.tests if test.question == q.id)
    }
    stops = []
    for run in record.cells:
        if run.status in ("ok", "skipped", "later") or run.grade_id in stubs:
            continue
        place = view.number_of(run.index) or run.number
        name = f"`{run.grade_id}` 셀" if run.grade_id and not place else numbered(place or max(run.index, 0) + 1)
        label = labels.get(run.grade_id)
        where = f"{name} ({label})" if label else name
        stops.append(_Stop(where, cell_sentence(run), run.ename, run.line, view.line_of(run.index, run.line)))
    return tuple(stops)


def _beside(verdict: Verdict, assignment: Assignment) -> str:
    """Return where a verdict's cell is, where its own words do not begin with that."""
    place = _place(verdict.cell, assignment)
    return "" if verdict.message.startswith(place) else place


def _place(cell: str | None, assignment: Assignment) -> str:
    """Return where a verdict's cell is, in words: a question's label, or the cell's place in the notebook."""
    if not cell:
        return ""
    for question in assignment.questions:
        if cell in (question.solution_cell, question.check_cell):
            return question_label(question.id) or question.title
    place = cell_place(cell)
    return place if place != cell else ""
