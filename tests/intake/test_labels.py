"""A label means one student: the same one in whatever form a system or a habit writes it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import IntakeError
from autograder.intake.labels import read_label, stem, student_number, whose
from autograder.intake.pattern import name_pattern

from .sample import NAME, NOTEBOOK

FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = "가나다라마서연지훈민수하은도윤예준시우주원현정"
LATIN = "abcdefghijklmnoprstuvwyz"
WORDS = {"hw", "lab", "late", "done", "final", "drive", "copy", "assign", "project", "report", "week", "homework"}

korean = st.builds(
    lambda family, given: family + given,
    st.sampled_from(FAMILY),
    st.text(st.sampled_from(GIVEN), min_size=1, max_size=2),
)
word = st.text(st.sampled_from(LATIN), min_size=3, max_size=8).filter(lambda w: w not in WORDS)
english = st.builds(lambda first, last: f"{first.title()} {last.title()}", word, word)
account = st.builds(lambda first, last: f"{first}_{last}", word, word)
mail = st.builds(lambda first, last: f"{first}.{last}@uni.ac.kr", word, word)
number = st.builds(lambda year, rest: f"{year}{rest:04}", st.integers(2015, 2026), st.integers(1232, 9999))
students = st.one_of(korean, english, account, mail, number)

TEMPLATES = (
    "{s}.ipynb",
    "{s} (1).ipynb",
    "{s}_assignsubmission_file_x.ipynb",
    "{s}_12345_assignsubmission_file_",
    "{s}_12345_assignsubmission_file",
    f"{{s}}_12345_assignsubmission_file_{NOTEBOOK}",
    "2분반-{s}_12345_assignsubmission_onlinetext",
    "과제1_{s}_attempt_2026-11-20-10-00-00",
    "과제 1_{s}_attempt_2026-11-20-10-00-00_답안.ipynb",
    "{s}_12345_67890_my answer-2.ipynb",
    "{s}_late_12345_67890_hw.ipynb",
    "HW1_{s}.ipynb",
    "[과제1] {s}.ipynb",
    "【과제1】{s}.ipynb",
    "{s}_과제1_최종.ipynb",
    "({s})과제1.zip",
    "（{s}）.ipynb",
    "과제1({s}).ipynb",
    f"{NAME}_{{s}}.ipynb",
    f"{NAME}-{{s}} (1).ipynb",
    f"{NAME} ({{s}}).ipynb",
    f"{{s}} - {NOTEBOOK}",
    f"{NAME}-{{s}}",
    "과제1-{s}-20261120.zip",
)


@given(students, students, st.sampled_from(TEMPLATES), st.sampled_from(("NFC", "NFD")))
def test_a_roster_finds_its_member_in_every_form(student: str, other: str, template: str, form: str) -> None:
    label = unicodedata.normalize(form, template.format(s=student))  # type: ignore[arg-type]
    roster = {other: "other", student: "id"}

    found = whose(read_label(label), NAME, roster.get)

    assert (found.member, found.trouble) == ("id", "")


@given(
    korean,
    number,
    st.sampled_from(TEMPLATES),
    st.sampled_from(("{n}_{k}", "{k}({n})", "{n} {k}", "{k}{n}", "({n}){k}")),
)
def test_without_a_roster_the_student_number_is_who_it_is(name: str, digits: str, template: str, both: str) -> None:
    label = template.format(s=both.format(n=digits, k=name))
    if "attempt" in template and both == "{n}_{k}":
        return  # Blackboard's users have no underscore; what stands before one is the title's

    assert whose(read_label(label), NAME).name == digits


@given(korean, st.sampled_from(TEMPLATES))
def test_without_a_number_the_name_is_what_is_left(name: str, template: str) -> None:
    if "20261120" in template or template.startswith("{s}_assign"):
        return  # a date of eight digits alone cannot be told from a student number; and no system writes the other

    assert whose(read_label(template.format(s=name)), NAME).name == name


@given(korean, korean, st.sampled_from(TEMPLATES))
def test_two_members_in_one_name_are_nobody(one: str, other: str, template: str) -> None:
    roster = {one: "1", other: "2"}
    found = whose(read_label(template.format(s=f"{one} {other}")), NAME, roster.get)

    assert (found.member is None) == (one != other)
    assert found.trouble == ("student-unclear" if one != other else "")


@given(st.text(max_size=60), st.sampled_from(TEMPLATES))
def test_a_stranger_is_nobody_whatever_the_name(name: str, template: str) -> None:
    found = whose(read_label(template.replace("{s}", name)), NAME, {"홍길동전": "1"}.get)

    assert (found.member is None) == (found.trouble != "")
    assert ("홍길동전" in name) or found.trouble == "student-unknown"


def test_what_a_system_wrote_counts_before_what_a_student_chose() -> None:
    """Else a file named after another would be that one's work."""
    roster = {"김민수": "kim", "이서연": "lee"}.get

    for form in ("김민수_12345_assignsubmission_file_이서연.ipynb", "김민수_12345_67890_이서연.ipynb"):
        assert whose(read_label(form), NAME, roster).member == "kim"
        assert whose(read_label(f"1학년 {form}"), NAME, roster).member == "kim"


def test_a_member_whose_name_is_part_of_anothers_is_not_meant() -> None:
    roster = {"kim": "other", "kim_minsu": "kim", "김민": "other", "김민 수": "kim"}.get

    for label in ("hw1_kim_minsu.ipynb", "과제1 김민 수.ipynb"):
        assert whose(read_label(label), NAME, roster).member == "kim"


def test_an_equal_name_on_the_roster_is_no_name_but_the_number_beside_it_is() -> None:
    roster = {"20231234": "kim", "김민수": None}.get

    assert whose(read_label("20231234_김민수.ipynb"), NAME, roster).member == "kim"
    assert whose(read_label("김민수.ipynb"), NAME, roster).trouble == "student-unknown"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20231234", "20231234"),
        ("1234567", "1234567"),
        ("2023-12345", "2023-12345"),
        ("홍길동20231234", "20231234"),
        ("20231234KimMinsu", "20231234"),
        ("2023123_x_20241120", "2023123"),
        ("s20231234", None),
        ("20231234_20235678", None),
        ("010-1234-5678", None),
        ("01012345678", None),
        ("20241120T010203Z", None),
        ("123456", None),
    ],
)
def test_a_student_number_is_one_number_of_seven_to_ten_digits(text: str, found: str | None) -> None:
    assert student_number(text) == found


def test_a_name_as_long_as_a_zip_allows_takes_no_time() -> None:
    started = time.process_time()
    for long in ("_" * 65_000, "-1" * 32_000, "(1)" * 20_000, "과제1_" * 13_000, "20231234_" * 7_000, "a " * 32_000):
        whose(read_label(long), NAME, {"김": "1"}.get)
        whose(read_label(long), NAME)

    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("pattern", "path", "student"),
    [
        ("{anything}_{student}_{anything}", "hw1_20231234_a b.ipynb", "20231234"),
        ("{student}", "kim.ipynb", "kim"),
        ("{anything}({student})", "a/b(kim).zip/x.ipynb", "kim"),
        ("{anything}/{student}-{anything}", "mon/kim-1/x.ipynb", "kim"),
        ("{anything}/{student}-{anything}", "kim-1/x.ipynb", ""),
        ("x+{student}", "x+kim.ipynb", "kim"),
        ("x+{student}", "xxkim.ipynb", ""),
        (r"-(?P<student>\d{8})-", "a/b-20231234-c.ipynb", "20231234"),
        (r"^(?P<student>\d{8})?", "a.ipynb", ""),
        ("제출_{student}", unicodedata.normalize("NFD", "제출_김민수.ipynb"), "김민수"),
    ],
)
def test_a_pattern_says_where_the_name_stands(pattern: str, path: str, student: str) -> None:
    assert name_pattern(pattern).student(tuple(path.split("/"))) == student


@pytest.mark.parametrize(
    "pattern", ["", "x", "{anything}", "(", "(?P<name>.)", "{student}{student}", "(?P<student>a{9999999999999})"]
)
def test_a_pattern_that_names_no_student_is_refused(pattern: str) -> None:
    with pytest.raises(IntakeError) as caught:
        name_pattern(pattern)

    assert caught.value.code == "pattern-invalid"


def test_a_stem_has_no_suffix_of_a_notebook_or_an_archive() -> None:
    assert [stem(n) for n in ("a.ipynb", "a.ZIP", "a.ipynb.zip", "a.b.c")] == ["a", "a", "a", "a.b.c"]
