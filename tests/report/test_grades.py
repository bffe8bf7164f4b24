"""The CSV that staff open in a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report import grades_csv
from autograder.sinks.sheet import spreadsheet_text
from tests.report import records as sample

ASSIGNMENT = sample.assignment()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_holds_score_each_question_state_reasons_and_times() -> None:
    [row] = rows(grades_csv([sample.partial()], [ASSIGNMENT]))
    assert row == {
        "student": "2026-10002",
        "assignment": "01-vanishing-gradients",
        "score": "83",
        "possible": "100",
        **{"q1": "12", "q2": "12", "q3": "8", "q4": "16", "q5": "14", "q6": "5", "q7": "16", "reflection": ""},
        "state": "graded",
        "reasons": "",
        "received_at": "2026-09-21 23:10:04 KST",
        "graded_at": "2026-09-22 02:00:11 KST",
    }


def test_what_nobody_knows_is_empty_and_no_zero() -> None:
    [row] = rows(grades_csv([sample.error()], [ASSIGNMENT]))
    assert (row["score"], row["q5"], row["q1"], row["reasons"]) == ("", "", "12", "test-error")


def test_a_record_made_without_confinement_says_so() -> None:
    [row] = rows(grades_csv([sample.record(environment={"unsafe": True})], [ASSIGNMENT]))
    assert row["reasons"] == "unsafe-record"


def test_rows_are_sorted_and_end_in_crlf_as_rfc_4180_says() -> None:
    text = grades_csv([sample.record("b"), sample.record('a,"x"')], [ASSIGNMENT])
    assert text.count("\r\n") == 3 and "\n" not in text.replace("\r\n", "")
    assert [row["student"] for row in rows(text)] == ['a,"x"', "b"]
    assert '"a,""x"""' in text


def test_no_records_leave_the_header() -> None:
    assert grades_csv([], [ASSIGNMENT]).startswith("student,assignment,score,possible,q1,")


def test_several_assignments_have_columns_of_their_own() -> None:
    other = dataclasses.replace(ASSIGNMENT, id="02-weight-init", questions=ASSIGNMENT.questions[:1])
    found = rows(grades_csv([sample.perfect(), sample.record("x", assignment="02-weight-init")], [ASSIGNMENT, other]))
    assert found[0]["01-vanishing-gradients/q1"] == "12" and found[0]["02-weight-init/q1"] == ""
    assert found[1]["01-vanishing-gradients/q1"] == "" and found[1]["02-weight-init/q1"] == "12"


def test_a_byte_order_mark_comes_only_when_asked_for() -> None:
    assert grades_csv([], [ASSIGNMENT], bom=True).startswith("\ufeffstudent")
    assert grades_csv([], [ASSIGNMENT]).startswith("student")


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u3000=1", "'=1", '"=1']
)
def test_a_name_that_a_spreadsheet_would_run_gets_an_apostrophe(name: str) -> None:
    [row] = rows(grades_csv([sample.record(name)], [ASSIGNMENT]))
    assert row["student"].startswith("'")


def test_an_ordinary_korean_name_stays_as_it_is() -> None:
    [row] = rows(grades_csv([sample.record("이서연 2026-1")], [ASSIGNMENT]))
    assert row["student"] == "이서연 2026-1"


def test_hostile_records_make_one_row_each_that_runs_nothing() -> None:
    text = grades_csv([sample.hostile(), sample.hostile()], [ASSIGNMENT])
    assert len(rows(text)) == 2
    for row in rows(text):
        for value in row.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    text.encode("utf-8")


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n＝' \"a,가\u2028\u3000\x00"), max_size=12))
def test_no_text_begins_as_a_formula_or_spans_two_lines(text: str) -> None:
    found = spreadsheet_text(text)
    assert not found.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert "\n" not in found and "\r" not in found
