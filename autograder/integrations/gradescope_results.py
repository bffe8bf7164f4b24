"""What Gradescope shows of a result: `results.json` in its documented format, of a record or of what is known so far.

Pure functions over frozen values. Decided here:

- A number nobody knows is left out. The top-level ``score`` stands only on a graded record, and then it is the grader's
  own total; where there is none, Gradescope adds up the tests. So ``tests`` lists the tests of questions whose score is
  known, each with its points, and ``output`` says what is not among them (questions that wait for a person, that are
  not graded yet, written answers, GPU badges) and that the sum is not the grade.
- Where nothing at all is known there is one entry without a score, and no total. Gradescope documents no form for
  "no score"; a zero would be a claim about the student.
- Everything is plain text (``output_format`` "text", which Gradescope escapes), so code in it has no backticks.
  `TestOutcome.detail`, `Verdict.detail` and names of test functions are never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.model import Assignment, GradeRecord, Outcome, Question, RecordState, TestOutcome
from autograder.plain import bare
from autograder.report.sanitize import clean_text
from autograder.report.unbegun import told
from autograder.report.words import CARRIED, LABELS, expectation, number, question_label

__all__ = ["VISIBILITIES", "message_results", "partial_results", "record_results"]

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
"""Gradescope's words for when a student sees a test."""

_WAITS = "조교가 확인한 뒤 점수를 정합니다. 지금 보이는 합계는 성적이 아니며, 채점 쪽의 문제로 점수를 잃지 않습니다."
_UNFINISHED = (
    "채점하고 있습니다. 이 문구가 계속 보이면 채점이 중간에 끊긴 것입니다. 지금 보이는 합계는 성적이 아니며, "
    "학생의 잘못이라는 뜻도 아닙니다. 조교에게 알려 다시 채점을 받으세요."
)


def record_results(record: GradeRecord, assignment: Assignment, *, visibility: str = "visible") -> dict[str, Any]:
    """Return the final results of a record.

    Args:
        record: the record.
        assignment: its assignment.
        visibility: of hidden tests, one of `VISIBILITIES`.
    """
    if record.state is RecordState.NEEDS_STAFF:
        lines = [_WAITS]
    elif visibility == "visible":
        lines = [f"자동 채점 {number(record.possible)}점 만점에 {number(record.score)}점입니다."]
    else:
        lines = ["자동 채점을 마쳤습니다."]
    lines += [verdict.message for verdict in record.verdicts]
    known = {score.question for score in record.questions if score.earned is not None}
    by_question = _by_question(record.tests)
    lines += _beside(assignment, known, "조교가 확인하고 있습니다.", by_question)
    tests = _tests(assignment, by_question, known, visibility)
    results = _results(lines, tests)
    if record.score is not None and record.state is RecordState.GRADED:
        results["score"] = record.score
    results["execution_time"] = round(record.seconds)
    results["extra_data"] = {
        "assignment": record.assignment,
        "digest": record.digest,
        "suite_hash": record.suite_hash,
        "grader_version": record.grader_version,
        "state": record.state.value,
        "reasons": list(record.reasons),
        "graded_at": record.graded_at,
        **{name: str(record.environment[name]) for name in _VERSIONS if name in record.environment},
    }
    return results


_VERSIONS = ("python", "torch", "numpy", "machine")


def partial_results(
    assignment: Assignment,
    done: Mapping[str, Sequence[TestOutcome]],
    *,
    visibility: str = "visible",
    note: str = _UNFINISHED,
) -> dict[str, Any]:
    """Return what is known while a submission is graded, or when its grading did not come to an end.

    Args:
        assignment: the assignment.
        done: the outcomes of finished questions, by question id.
        visibility: of hidden tests.
        note: what stands on top; by default that grading goes on or was cut off.
    """
    ours = (Outcome.ERROR, Outcome.DEFERRED)
    known = {q for q, tests in done.items() if not any(t.outcome in ours and not t.badge for t in tests)}
    lines = [note, *_beside(assignment, known, "아직 채점하지 않았습니다.", done)]
    results = _results(lines, _tests(assignment, done, known, visibility))
    return {**results, "extra_data": {"assignment": assignment.id, "state": "unfinished"}}


def message_results(message: str, *, reason: str) -> dict[str, Any]:
    """Return results that hold a message for the student and no score: nothing could be graded.

    Args:
        message: Korean.
        reason: a stable English code, kept in ``extra_data``.
    """
    return {**_results([message], []), "extra_data": {"state": "refused", "reasons": [reason]}}


def _results(lines: Iterable[str], tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "output": "\n".join(bare(clean_text(line, 2000)) for line in dict.fromkeys(lines)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests or [_entry("점수 없음", "아직 정해진 점수가 없습니다. 0점이라는 뜻이 아닙니다.", "visible")],
    }


def _tests(
    assignment: Assignment, by_question: Mapping[str, Sequence[TestOutcome]], known: set[str], visibility: str
) -> list[dict[str, Any]]:
    """Return an entry for each test of the questions whose score is known, in order."""
    entries = []
    for place, question in enumerate(assignment.questions, start=1):
        own = told([test for test in by_question.get(question.id, ()) if question.id in known and not test.badge])
        for part, test in enumerate(own, start=1):
            note = CARRIED if part == 1 and any(each.carried for each in own) else ""
            entry = _test(test, question, visibility, note)
            entries.append({**entry, "number": f"{place}.{part}", "tags": [question.id]})
    return entries


def _beside(
    assignment: Assignment, known: set[str], waits: str, by_question: Mapping[str, Sequence[TestOutcome]]
) -> list[str]:
    """Return a line for each thing that the tests listed do not cover."""
    lines = []
    for question in assignment.questions:
        if question.manual:
            lines.append(
                f"{_name(question)} ({number(question.points)}점): 조교가 직접 채점합니다. 자동 채점 점수와 따로입니다."
            )
        elif question.id not in known:
            lines.append(f"{_name(question)} ({number(question.points)}점): {waits}")
    badges = {test.name for tests in by_question.values() for test in tests if test.badge}
    if badges:
        lines.append(f"GPU 배지 {len(badges)}개: GPU 장비에서 따로 채점하며 점수에 들어가지 않습니다.")
    return lines


def _test(test: TestOutcome, question: Question, visibility: str, note: str) -> dict[str, Any]:
    label = LABELS[test.outcome.value]
    lines = [f"{label.sign} {label.word}", test.message, note]
    passed = test.outcome is Outcome.PASSED
    return _entry(
        f"{_name(question)}: {expectation(test.title, test.outcome)}",
        "\n".join(line for line in lines if line),
        visibility,
        score=test.points if passed else 0.0,
        max_score=test.points,
        status="passed" if passed else "failed",
    )


def _entry(name: str, output: str, visibility: str, **more: Any) -> dict[str, Any]:
    text = {"name": bare(clean_text(name, 300)), "name_format": "text", "output": bare(clean_text(output, 4000))}
    return {**text, "output_format": "text", "visibility": visibility, **more}


def _name(question: Question) -> str:
    return f"{question_label(question.id)} {question.title}".strip()


def _by_question(tests: Iterable[TestOutcome]) -> dict[str, list[TestOutcome]]:
    found: dict[str, list[TestOutcome]] = {}
    for test in tests:
        found.setdefault(test.question, []).append(test)
    return found
