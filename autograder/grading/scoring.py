"""From test outcomes to points: pure functions, no processes, no files.

A question earns the points of its passed tests. What the grader itself got wrong never costs a student anything: a
question with an `Outcome.ERROR` has no score until a person has looked (`earned` is None), and so has the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.grading.fault import TEST_ERROR, TESTS_MISSING
from autograder.model import Assignment, Outcome, QuestionScore, RecordState, TestOutcome, Verdict

__all__ = ["STAFF_VERDICTS", "score_questions", "staff_reasons", "state_of", "total"]

STAFF_VERDICTS = frozenset({"forged-frame", "student-collision", "student-name", "submission-ambiguous"})
"""Verdicts that leave the score standing but ask for a person; every fatal verdict does as well."""


def score_questions(assignment: Assignment, tests: Iterable[TestOutcome]) -> tuple[QuestionScore, ...]:
    """Return each question's score, in the assignment's order.

    A manual question waits for a person by design (state ``"manual"``). A question none of whose tests was reported,
    or with a test that ended in our own error or was deferred though it carries points, is ``"needs-staff"``.
    """
    by_question: dict[str, list[TestOutcome]] = {}
    for test in tests:
        if not test.badge:
            by_question.setdefault(test.question, []).append(test)
    scores = []
    for question in assignment.questions:
        own = by_question.get(question.id, [])
        if question.manual:
            scores.append(QuestionScore(question.id, None, question.points, "manual"))
        elif not own or any(t.outcome in (Outcome.ERROR, Outcome.DEFERRED) for t in own):
            scores.append(QuestionScore(question.id, None, question.points, "needs-staff"))
        else:
            earned = sum(t.points for t in own if t.outcome is Outcome.PASSED)
            scores.append(QuestionScore(question.id, round(earned, 6), question.points, "graded"))
    return tuple(scores)


def total(questions: Sequence[QuestionScore]) -> float | None:
    """Return the automatic total, or None while any automatically graded question has no score."""
    automatic = [q.earned for q in questions if q.state != "manual"]
    if any(earned is None for earned in automatic):
        return None
    return round(sum(earned for earned in automatic if earned is not None), 6)


def staff_reasons(
    questions: Sequence[QuestionScore], tests: Sequence[TestOutcome], verdicts: Sequence[Verdict]
) -> tuple[str, ...]:
    """Return why a person is needed, as stable codes without repeats, or an empty tuple."""
    reasons = [v.code for v in verdicts if v.fatal or v.code in STAFF_VERDICTS]
    if any(t.outcome is Outcome.ERROR for t in tests):
        reasons.append(TEST_ERROR)
    if not reasons and any(q.state == "needs-staff" for q in questions):
        reasons.append(TESTS_MISSING)
    return tuple(dict.fromkeys(reasons))


def state_of(reasons: Sequence[str]) -> RecordState:
    """Return `RecordState.NEEDS_STAFF` if there is any reason for it."""
    return RecordState.NEEDS_STAFF if reasons else RecordState.GRADED
