"""Points follow from outcomes, and our own errors never become a zero."""

import dataclasses
from pathlib import Path

import pytest

from autograder.grading.scoring import score_questions, staff_reasons, state_of, total
from autograder.model import Assignment, Limits, Outcome, Question, RecordState, TestOutcome, Verdict

ASSIGNMENT = Assignment(
    id="x",
    title="x",
    points=10,
    questions=(Question("q1", "하나", 6), Question("q2", "둘", 4), Question("reflection", "글", 5, manual=True)),
    limits=Limits(),
    runner="cpu",
    notebook="x.ipynb",
    extra_files=(),
    suite_dir=Path("x"),
    suite_hash="0",
    master=None,
)


def outcome(question: str, points: float, result: Outcome, **changes: object) -> TestOutcome:
    test = TestOutcome(f"test_{question}_{points}_{result}", question, "제목", points, result)
    return dataclasses.replace(test, **changes)


def test_a_question_earns_the_points_of_its_passed_tests() -> None:
    tests = [outcome("q1", 2, Outcome.PASSED), outcome("q1", 4, Outcome.FAILED), outcome("q2", 4, Outcome.BLOCKED)]
    scores = score_questions(ASSIGNMENT, tests)
    assert [(s.question, s.earned, s.state) for s in scores] == [
        ("q1", 2, "graded"),
        ("q2", 0, "graded"),
        ("reflection", None, "manual"),
    ]
    assert total(scores) == 2


def test_our_own_error_leaves_question_and_total_without_a_score() -> None:
    tests = [outcome("q1", 6, Outcome.ERROR), outcome("q2", 4, Outcome.PASSED)]
    scores = score_questions(ASSIGNMENT, tests)
    assert scores[0].earned is None
    assert total(scores) is None
    assert staff_reasons(scores, tests, ()) == ("test-error",)


def test_a_question_without_any_reported_test_waits_for_staff() -> None:
    tests = [outcome("q1", 6, Outcome.PASSED)]
    scores = score_questions(ASSIGNMENT, tests)
    assert scores[1].earned is None
    assert staff_reasons(scores, tests, ()) == ("tests-missing",)


def test_a_badge_changes_no_points_whatever_its_outcome() -> None:
    tests = [outcome("q1", 6, Outcome.PASSED), outcome("q2", 4, Outcome.PASSED)]
    for result in Outcome:
        with_badge = [*tests, outcome("q2", 3, result, badge=True)]
        assert total(score_questions(ASSIGNMENT, with_badge)) == 10


@pytest.mark.parametrize("code", ["forged-frame", "student-collision"])
def test_a_verdict_for_staff_leaves_the_score_standing(code: str) -> None:
    tests = [outcome("q1", 6, Outcome.PASSED), outcome("q2", 4, Outcome.PASSED)]
    reasons = staff_reasons(score_questions(ASSIGNMENT, tests), tests, [Verdict(code, "확인")])
    assert reasons == (code,)
    assert state_of(reasons) is RecordState.NEEDS_STAFF
    assert state_of(()) is RecordState.GRADED
