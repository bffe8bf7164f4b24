"""Student ids: safe in paths, tables and logs, stable, and different for different names."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.intake.findings import verdict
from autograder.intake.labels import read_label, whose
from autograder.intake.names import student_id, visible


@pytest.mark.parametrize("name", ["alice", "김민수", "2025-12345", "a.b@c.ac.kr", "김민수_A", "O\u0301scar"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert student_id(name) == (unicodedata.normalize("NFC", name), False)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a+b",
        "a b",
        "a'b",
        'a"b',
        "a\nb",
        "a\0b",
        "a\u202eb",
        "a\u200bb",
        "=1+1",
        "-rf",
        "@x",
        ".x",
        "x.",
        "\ud800",
        "가" * 100,
        "😀",
    ],
)
def test_names_that_could_do_harm_are_rewritten(name: str) -> None:
    student, rewritten = student_id(name)
    assert rewritten and student != name


@given(st.text(max_size=90))
@example("..")
@example("\udcff/../\x00")
def test_every_id_is_one_safe_path_part_and_stable(name: str) -> None:
    student, rewritten = student_id(name)
    assert student and student not in (".", "..") and len(student.encode()) <= 200
    assert not set(student) & set("/\\+\"'=<>:|?*\0\n\r\t ,;$`") and student[0] not in "-.@" and student[-1] != "."
    assert all(unicodedata.category(c)[0] in "LNM" or c in "-_.@" for c in student)
    assert student_id(name) == (student, rewritten)
    assert student_id(student) == (student, False)


@given(st.text(max_size=40), st.text(max_size=40))
def test_different_names_have_different_ids(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (student_id(one)[0] == student_id(other)[0]) == same


@pytest.mark.parametrize(
    ("stem", "student"),
    [
        ("alice", "alice"),
        ("kim_minsu", "kim_minsu"),
        ("alice_01-x", "alice"),
        ("kim_minsu_01-X", "kim_minsu"),
        ("leejieun_late_123_456_final", "leejieun"),
        ("leejieun_123_456_01-x", "leejieun"),
        ("Lee Jieun_123_assignsubmission_file_01-x", "Lee Jieun"),
        ("alice (12)", "alice"),
        ("01-x", "01-x"),
        ("_01-x", "_01-x"),
    ],
)
def test_a_file_name_tells_the_student_without_cutting_names_in_two(stem: str, student: str) -> None:
    assert whose(read_label(f"{stem}.ipynb"), "01-x").name == student


def test_shown_text_is_one_short_visible_line() -> None:
    told = verdict("locked-cell-edited", cell="a\nb\u202ec\ud800" + "x" * 1000).message
    assert "a\\nb\\u202ec\\ud800xx" in told and "…" in told and len(told) < 200


@pytest.mark.parametrize(
    "hidden",
    [
        *("00AD", "034F", "061C", "115F", "1160", "180E", "200B", "200D", "200F"),
        *("202E", "2060", "2066", "3164", "FE0F", "FEFF", "FFA0", "E0041", "E0100"),
    ],
)
def test_a_character_that_nobody_sees_is_not_in_an_id(hidden: str) -> None:
    """The other name stays another one: a digest tells them apart."""
    character = chr(int(hidden, 16))
    name = f"김{character}민수"

    student, rewritten = student_id(name)

    assert rewritten and student.startswith("김민수-") and character not in student
    assert visible(name) == "김민수"


def test_marks_on_one_letter_are_two_at_most() -> None:
    stacked, rewritten = student_id("a" + "\u0323\u0330\u0331\u0332\u0333" + "b")

    assert rewritten and stacked.startswith("ạ\u0330\u0331b-")
    assert student_id("Nguyễn") == ("Nguyễn", False)
    assert student_id("\u0301a")[1], "a mark without a letter would stand on whatever is printed before it"


@given(st.text(st.characters(categories=("L", "Mn", "Mc", "Cf"), max_codepoint=0xFFFF), max_size=20))
def test_no_id_has_a_stack_of_marks_or_anything_unseen(name: str) -> None:
    student, _ = student_id(name)

    assert visible(student) == student
    assert not re.search(r"(?:^|M)MM?M|^M", "".join("M" if unicodedata.category(c)[0] == "M" else "x" for c in student))
