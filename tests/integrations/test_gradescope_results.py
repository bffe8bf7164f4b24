"""What Gradescope is told of each situation a record can be in."""

from __future__ import annotations

import json

import pytest

from autograder.integrations.gradescope_results import (
    VISIBILITIES,
    message_results,
    partial_results,
    record_results,
)
from autograder.model import GradeRecord, Outcome, RecordState
from tests.integrations.gradescope_schema import check_results, is_numbered
from tests.report import records as sample

ASSIGNMENT = sample.assignment()
RECORDS = {
    f.__name__: f()
    for f in (
        *(sample.perfect, sample.partial, sample.blocked, sample.carried, sample.error, sample.deferred),
        *(sample.timeouts, sample.fatal, sample.hostile),
    )
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_every_record_has_the_documented_form(record: GradeRecord, visibility: str) -> None:
    results = check_results(record_results(record, ASSIGNMENT, visibility=visibility))
    assert {test["output_format"] for test in results["tests"]} == {"text"}
    assert json.loads(json.dumps(results, ensure_ascii=False, allow_nan=False)) == results


def test_a_graded_record_has_the_graders_total_and_its_tests_add_up_to_it() -> None:
    for record in (sample.perfect(), sample.partial(), sample.carried(), sample.blocked()):
        results = record_results(record, ASSIGNMENT)
        assert results["score"] == record.score
        by_question = {
            q.question: sum(t["score"] for t in results["tests"] if t["tags"] == [q.question]) for q in record.questions
        }
        for question in record.questions:
            if question.earned is not None:
                assert by_question[question.question] == pytest.approx(question.earned, abs=1e-6)
        assert sum(t["max_score"] for t in results["tests"]) == pytest.approx(ASSIGNMENT.points, abs=1e-6)


def test_titles_and_hints_are_shown_and_nothing_of_staffs_is() -> None:
    text = json.dumps(record_results(sample.partial(), ASSIGNMENT), ensure_ascii=False)
    assert "N으로 나누어 평균을 냅니다." in text
    assert "값이 기대한 것의 N배입니다." in text
    everything = [record_results(r, ASSIGNMENT) for r in RECORDS.values() if r.student != sample.HOSTILE]
    shown = json.dumps(everything, ensure_ascii=False)
    assert sample.SECRET_DETAIL not in shown
    assert sample.SECRET_NAME not in shown


def test_a_test_that_was_not_passed_says_what_was_expected_and_nothing_shows_backticks() -> None:
    tests = record_results(sample.partial(), ASSIGNMENT)["tests"]
    names = {test["name"]: test["status"] for test in tests}
    assert names["Q3 손으로 쓰는 역전파: 기대: N으로 나누어 평균을 냅니다."] == "failed"
    assert all(("기대: " in name) == (status == "failed") for name, status in names.items())
    everything = [record_results(r, ASSIGNMENT) for r in RECORDS.values() if r.student != sample.HOSTILE]
    assert "`" not in json.dumps(everything, ensure_ascii=False)


def test_a_question_with_our_own_error_has_no_number_and_neither_has_the_total() -> None:
    record = sample.error()
    results = record_results(record, ASSIGNMENT)
    assert "score" not in results
    assert not [test for test in results["tests"] if test["tags"] == ["q5"]]
    assert is_numbered(results)
    assert "Q5 야코비 행렬의 상한 (14점): 조교가 확인하고 있습니다." in results["output"]
    assert "성적이 아니며" in results["output"]


def test_a_record_that_waits_for_a_person_has_no_total_even_where_one_is_known() -> None:
    results = record_results(sample.record(state=RecordState.NEEDS_STAFF, reasons=("forged-frame",)), ASSIGNMENT)
    assert "score" not in results
    assert results["extra_data"]["reasons"] == ["forged-frame"]


def test_what_could_not_be_graded_is_no_zero() -> None:
    for results in (
        record_results(sample.fatal(), ASSIGNMENT),
        message_results("채점하지 못했습니다.", reason="x"),
        partial_results(ASSIGNMENT, {}),
    ):
        check_results(results)
        assert "score" not in results
        assert [test for test in results["tests"] if "score" in test or "status" in test] == []
        assert "0점이라는 뜻이 아닙니다." in results["tests"][0]["output"]


def test_written_answers_and_gpu_badges_are_named_and_count_for_nothing() -> None:
    results = record_results(sample.partial(), ASSIGNMENT)
    assert "조교가 직접 채점합니다." in results["output"]
    assert "GPU 배지 1개" in results["output"]
    assert not [test for test in results["tests"] if "GPU" in test["name"]]


def test_hidden_tests_are_seen_when_the_course_says_and_the_rest_gives_none_of_them_away() -> None:
    record = sample.partial()
    results = record_results(record, ASSIGNMENT, visibility="after_published")
    assert {test["visibility"] for test in results["tests"]} == {"after_published"}
    assert not [t.title for t in record.tests if t.title in results["output"]]
    assert not [t.message for t in record.tests if t.message and t.message in results["output"]]
    assert "83" not in results["output"]


def test_partial_results_hold_what_is_finished_and_say_what_is_not() -> None:
    record = sample.partial()
    done = {q: [t for t in record.tests if t.question == q] for q in ("q1", "q3")}
    results = check_results(partial_results(ASSIGNMENT, done))
    assert {tag for test in results["tests"] for tag in test["tags"]} == {"q1", "q3"}
    assert is_numbered(results)
    assert "score" not in results
    assert "채점이 중간에 끊긴 것입니다" in results["output"]
    assert "Q2 순전파 (12점): 아직 채점하지 않았습니다." in results["output"]


def test_a_finished_question_with_our_own_error_stays_without_a_number_in_partial_results() -> None:
    tests = [t for t in sample.error().tests if t.question == "q5"]
    assert any(t.outcome is Outcome.ERROR for t in tests)
    results = partial_results(ASSIGNMENT, {"q5": tests})
    assert [test for test in results["tests"] if "score" in test] == []
