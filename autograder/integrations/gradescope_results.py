"""What Gradescope shows of a result: `results.json` in its documented format, of a record or of what is known so far.

Pure functions over frozen values. Decided here:

- A number nobody knows is left out. Tests of a question that waits for a person, tests not yet run and GPU badges carry
  no ``score``; the top-level ``score`` stands only on a graded record, and then it is the grader's own total. Where
  there is no total Gradescope adds up the tests: what it shows then was earned for certain, and ``output`` says that
  it is not the grade.
- Everything is plain text (``output_format`` "text", which Gradescope escapes). `TestOutcome.detail`, `Verdict.detail`
  and names of test functions are never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.model import Assignment, GradeRecord, Outcome, Question, RecordState, TestOutcome
from autograder.report.sanitize import clean_text
from autograder.report.words import CARRIED, LABELS, number, question_label

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
    tests = _tests(assignment, by_question, known, visibility, empty="조교가 확인하고 있습니다.")
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
    tests = _tests(assignment, done, known, visibility, empty="아직 채점하지 않았습니다.")
    return {**_results([note], tests), "extra_data": {"assignment": assignment.id, "state": "unfinished"}}


def message_results(message: str, *, reason: str) -> dict[str, Any]:
    """Return results that hold a message for the student and no score: nothing could be graded.

    Args:
        message: Korean.
        reason: a stable English code, kept in ``extra_data``.
    """
    waits = _entry("채점하지 못함", "조교가 확인합니다. 점수에 불이익은 없습니다.", "visible")
    return {**_results([message], [waits]), "extra_data": {"state": "refused", "reasons": [reason]}}


def _results(lines: Iterable[str], tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "output": "\n".join(clean_text(line, 2000) for line in dict.fromkeys(lines)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _tests(
    assignment: Assignment,
    by_question: Mapping[str, Sequence[TestOutcome]],
    known: set[str],
    visibility: str,
    *,
    empty: str,
) -> list[dict[str, Any]]:
    """Return the entries of all questions in order, then of the badges."""
    entries: list[dict[str, Any]] = []
    for place, question in enumerate(assignment.questions, start=1):
        own = [test for test in by_question.get(question.id, ()) if not test.badge]
        if question.manual:
            worth = number(question.points)
            waits = f"조교가 직접 읽고 채점합니다. 배점은 {worth}점이며 자동 채점 점수에 들어 있지 않습니다."
            entries.append(_entry(_name(question), waits, "visible", number=str(place), tags=[question.id]))
        elif not own:
            entries.append(_entry(_name(question), empty, "visible", number=str(place), tags=[question.id]))
        for part, test in enumerate(own, start=1):
            entry = _test(test, question, scored=question.id in known, visibility=visibility)
            entries.append({**entry, "number": f"{place}.{part}", "tags": [question.id]})
    badges = {test.name: test for tests in by_question.values() for test in tests if test.badge}
    for test in badges.values():
        text = "GPU 장비에서 따로 채점하는 배지이며, 점수에 들어가지 않습니다."
        entries.append(_entry(f"GPU 배지: {test.title}", text, visibility, tags=["gpu"]))
    return entries


def _test(test: TestOutcome, question: Question, *, scored: bool, visibility: str) -> dict[str, Any]:
    label = LABELS[test.outcome.value]
    lines = [f"{label.sign} {label.word}"]
    if test.outcome is Outcome.ERROR:
        lines.append("채점 쪽의 문제로 판정하지 못했습니다. 조교가 확인하며, 점수에 불이익은 없습니다.")
    elif test.message:
        lines.append(test.message)
    if test.carried:
        lines.append(f"({CARRIED})")
    entry = _entry(f"{_name(question)}: {test.title}", "\n".join(lines), visibility)
    if not scored:
        return entry
    passed = test.outcome is Outcome.PASSED
    score = {"score": test.points if passed else 0.0, "max_score": test.points}
    return {**entry, **score, "status": "passed" if passed else "failed"}


def _entry(name: str, output: str, visibility: str, **more: Any) -> dict[str, Any]:
    text = {"name": clean_text(name, 300), "name_format": "text", "output": clean_text(output, 4000)}
    return {**text, "output_format": "text", "visibility": visibility, **more}


def _name(question: Question) -> str:
    return f"{question_label(question.id)} {question.title}".strip()


def _by_question(tests: Iterable[TestOutcome]) -> dict[str, list[TestOutcome]]:
    found: dict[str, list[TestOutcome]] = {}
    for test in tests:
        found.setdefault(test.question, []).append(test)
    return found
