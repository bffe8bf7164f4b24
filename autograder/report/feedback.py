"""The page a student gets: what was earned, what to fix first, what was found, their own figures and notebook.

Owns what a student may see of a `GradeRecord`. Never on this page: `TestOutcome.detail`, `Verdict.detail`, names of
test functions, points of a question that waits for staff, the record's source, environment and seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.cells import cell_place, numbered
from autograder.course_file import time_words
from autograder.grading.fault import OUR_FAULT
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.marks import figures_state
from autograder.model import (
    Assignment,
    GradeRecord,
    Outcome,
    Question,
    QuestionScore,
    RecordState,
    TestOutcome,
    Verdict,
)
from autograder.report.notebook_view import NotebookView, OutputView, view_notebook
from autograder.report.page import render
from autograder.report.sanitize import clean_text, safe_markdown
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
_ANSWER_CHARACTERS = 20_000
"""Most of a cell that stands under its question; the whole of it stands in the notebook at the end of the page."""
_MOST_ANSWERS = 4
"""Cells shown under one question: students split an answer over two or three."""


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
    untold: bool
    statement: Markup
    answers: tuple[_Answer, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One cell with a question's answer, as it stands under the question; `stop` is the line at which it stopped."""

    anchor: str
    where: str
    kind: str
    lines: tuple[str, ...]
    stop: int
    outputs: tuple[OutputView, ...]
    cell: str


@dataclass(frozen=True, slots=True)
class _Stop:
    where: str
    what: str
    ename: str
    line: int
    code: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _First:
    question: _Question
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
    questions = _questions(record, assignment, standing, view)
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
        notes=[
            (v, _beside(v, assignment), _anchor(v.cell, view, assignment))
            for v in record.verdicts
            if v is not fatal and v is not nothing
        ],
        questions=questions,
        first=_first(record, assignment, questions),
        perfect=record.score is not None and record.score >= record.possible > 0,
        waits=record.state is RecordState.NEEDS_STAFF and total is None,
        stops=_stops(record, view, assignment),
        skipped=sum(run.status == "skipped" for run in record.cells),
        notebook=view,
        figures_note=FIGURES.get(figures_state(record.executed), ""),
        grade_labels={q.solution_cell: question_label(q.id) or q.title for q in assignment.questions},
    )


def _questions(
    record: GradeRecord, assignment: Assignment, standing: Standing, view: NotebookView
) -> tuple[_Question, ...]:
    scores = {score.question: score for score in record.questions}
    largest = max((q.points for q in assignment.questions), default=0.0) or 1.0
    made = []
    for question in assignment.questions:
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
                anchor=_question_anchor(question.id),
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
                untold=_has_untold(own),
                statement=safe_markdown(view.statements.get(question.solution_cell, "")),
                answers=_answers(question, record, view),
            )
        )
    return tuple(made)


def _question_anchor(question_id: str) -> str:
    return f"question-{question_id}"


def _has_untold(tests: Sequence[_Test]) -> bool:
    """Return whether beside a lost test that is told something there is one of which nothing is told."""
    lost = [test for test in tests if test.key in (Outcome.FAILED, Outcome.BLOCKED)]
    return any(test.message for test in lost) and not all(test.message for test in lost)


def _answers(question: Question, record: GradeRecord, view: NotebookView) -> tuple[_Answer, ...]:
    """Return the cells with a question's answer; where other cells have it, an own one that is empty is left out."""
    stops = {view.code[run.index].anchor: run.line for run in record.cells if run.index in view.code and run.line > 0}
    made = []
    for place, cell in enumerate(view.answers.get(question.solution_cell, ())[:_MOST_ANSWERS], start=1):
        anchor = f"{_question_anchor(question.id)}-answer"
        made.append(
            _Answer(
                anchor=anchor if place == 1 else f"{anchor}-{place}",
                where=numbered(cell.number),
                kind=cell.kind,
                lines=tuple(clean_text(cell.source, _ANSWER_CHARACTERS).split("\n")),
                stop=stops.get(cell.anchor, 0) if cell.anchor else 0,
                outputs=tuple(output for output in cell.outputs if len(output.text) + len(output.table) < 4000),
                cell=cell.anchor,
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


def _first(record: GradeRecord, assignment: Assignment, questions: Sequence[_Question]) -> _First | None:
    """Return the first test to look at: of the first question that lost points, a failed one before a blocked one."""
    for question, shown in zip(assignment.questions, questions, strict=True):
        own = told([t for t in record.tests if t.question == question.id and not t.badge])
        for outcome in (Outcome.FAILED, Outcome.BLOCKED):
            for test in own:
                if test.outcome is outcome:
                    where = f"{question_label(question.id)} {question.title}".strip()
                    title = expectation(test.title, outcome)
                    return _First(shown, where, title, test.message)
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
        anchor = _anchor(run.grade_id or None, view, assignment) or view.anchor_of(place)
        code = view.line_of(run.index, run.line)
        stops.append(_Stop(where, cell_sentence(run), run.ename, run.line, code, anchor))
    return tuple(stops)


def _beside(verdict: Verdict, assignment: Assignment) -> str:
    """Return where a verdict's cell is, where its own words do not begin with that."""
    place = _place(verdict.cell, assignment)
    return "" if verdict.message.startswith(place) else place


def _anchor(cell: str | None, view: NotebookView, assignment: Assignment) -> str:
    """Return the anchor of what a verdict or a stop is about: a question's answer, or a cell; "" where none is shown.

    Args:
        cell: as `Verdict.cell` has it.
        view: the executed notebook.
        assignment: whose questions may be meant.
    """
    for question in assignment.questions:
        if cell and cell in (question.solution_cell, question.check_cell):
            answered = question.solution_cell in view.answers
            return f"{_question_anchor(question.id)}-answer" if answered else ""
    if not cell:
        return ""
    named = next((own.anchor for own in view.cells if own.grade_id == cell and own.anchor), "")
    return named or (view.anchor_of(int(cell) + 1) if cell.isascii() and cell.isdecimal() and len(cell) < 6 else "")


def _place(cell: str | None, assignment: Assignment) -> str:
    """Return where a verdict's cell is, in words: a question's label, or the cell's place in the notebook."""
    if not cell:
        return ""
    for question in assignment.questions:
        if cell in (question.solution_cell, question.check_cell):
            return question_label(question.id) or question.title
    place = cell_place(cell)
    return place if place != cell else ""
