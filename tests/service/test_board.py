"""The class board: whose number counts, and that nobody learns whose a number is."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, suites_dir
from autograder.intake.open_problem import Stated, Trouble
from autograder.model import Assignment, OpenProblem
from autograder.service import views
from autograder.service.board import FEWEST, amount, board_values, own_words, stated_words
from autograder.service.desk import Desk
from tests.report.axe import violations
from tests.service.conftest import REAL, hand_in, result
from tests.service.course import ID, STUDENTS, Course, right
from tests.service.test_arrivals import answer, look
from tests.service.test_pages import open_page
from tests.service.web import Web

__all__ = ["open_page"]

TABLE = """
[open_problem]
title = "적은 파라미터로 옮기기"
measure = "테스트 정확도"
better = "high"
baseline = 0.66
budget = 3000
unit = "파라미터"
"""
PROBLEM = OpenProblem("적은 파라미터로 옮기기", "테스트 정확도", "high", 0.66, 3000.0, "파라미터", 0.0, 1.0)


def call(number: object = 0.81, spent: object = 2900, share: object = True, short: str = ID) -> str:
    return f'open_problem("{short}", number={number}, spent={spent}, share={share})'


def work(cell: str = "") -> dict[str, Any]:
    """A notebook that earns everything, with one more cell."""
    notebook = right()
    if cell:
        own = {"cell_type": "code", "id": "own", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
        notebook["cells"].append(own)
    return notebook


@pytest.fixture
def assignment(course: Course) -> Assignment:
    path = course.root / "suites" / ID / "assignment.toml"
    path.write_text(path.read_text(encoding="utf-8") + TABLE, encoding="utf-8")
    return load_assignment(ID, course.root)


@pytest.fixture
def real(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assignment]:
    """One of the kit's own assignments, with an open problem, as the pages show it."""
    (tmp_path / "suites" / REAL).mkdir(parents=True)
    text = (suites_dir() / REAL / "assignment.toml").read_text(encoding="utf-8")
    without = re.sub(r"\n\[open_problem\][^\[]*", "\n", text)
    (tmp_path / "suites" / REAL / "assignment.toml").write_text(without + TABLE, encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    yield load_assignment(REAL)
    shutil.rmtree(tmp_path / "suites")


def board(desk: Desk, assignment: Assignment, student: str = "") -> dict[str, Any]:
    return board_values(assignment, desk.receipts, desk.roster.account, student)


def fill(desk: Desk, numbers: dict[str, tuple[float, float]], **changes: Any) -> dict[str, str]:
    """Hand in one stated number for each student; returns refs."""
    refs = {}
    for student, (number, spent) in numbers.items():
        refs[student] = hand_in(desk, student, **changes)
        desk.receipts.note_stated(refs[student], Stated(True, number, spent).to_dict())
    return refs


def shown(found: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(row["place"], row["number"], row["spent"], row["own"]) for row in found["rows"]]


# -- what counts


def test_what_a_student_hands_in_stands_on_the_board_before_it_is_graded(
    course: Course, desk: Desk, assignment: Assignment
) -> None:
    handed = [course.submit(name, work(call(n, 100))) for name, n in zip(STUDENTS, (0.5, 0.9, 0.7), strict=True)]
    look(desk)

    assert shown(board(desk, assignment, "park")) == [
        (1, "0.9", "100", False),
        (2, "0.7", "100", True),
        (None, "0.66", "", False),
        (3, "0.5", "100", False),
    ]
    assert {r.state.value for r in desk.receipts.rows()} == {"waiting"}
    lines = answer(course, handed[2])["lines"]
    assert lines[-1] == ("학급 게시판: 테스트 정확도 0.7을 게시판에 이름 없이 올렸습니다. 쓴 파라미터는 100개입니다.")


def test_the_last_submission_counts_and_takes_the_number_off(
    course: Course, desk: Desk, assignment: Assignment
) -> None:
    for student in STUDENTS:
        course.submit(student, work(call(0.7, 10)), stamp="2026-11-30 14:00:00.000000 UTC")
    look(desk)
    assert board(desk, assignment)["count"] == 3

    course.submit("kim", work(call(0.8, 20)))
    look(desk)
    assert shown(board(desk, assignment, "kim"))[0] == (1, "0.8", "20", True)

    course.submit("kim", work(call(0.8, 20, share=False)))
    course.submit("lee", work())
    look(desk)
    found = board(desk, assignment, "kim")
    assert (found["count"], found["rows"]) == (1, [])
    assert "참여하지 않아" in found["own"]
    assert "참여하지 않아" in board(desk, assignment, "lee")["own"]


def test_what_cannot_be_read_takes_the_older_number_off_too(course: Course, desk: Desk, assignment: Assignment) -> None:
    """Who last handed in what shares nothing for certain shares nothing."""
    course.submit("kim", work(call()))
    look(desk)
    assert board(desk, assignment)["count"] == 1
    course.submit("kim", b"not a notebook")
    look(desk)
    assert board(desk, assignment)["count"] == 0


def test_late_work_counts_like_any_other(course: Course, desk: Desk, assignment: Assignment) -> None:
    course.submit("kim", work(call()), stamp="2031-01-01 00:00:00.000000 UTC")
    look(desk)
    assert board(desk, assignment)["count"] == 1


def test_only_who_is_in_the_class_counts(desk: Desk, assignment: Assignment) -> None:
    fill(desk, dict.fromkeys((*STUDENTS, "stranger"), (0.7, 10.0)), assignment=ID)
    assert board(desk, assignment)["count"] == len(STUDENTS)


def test_work_that_did_not_come_through_the_exchange_is_read_afterwards(
    course: Course, desk: Desk, assignment: Assignment
) -> None:
    """And work that an earlier version of the service took in."""
    from autograder.grading.pipeline import store_submission
    from autograder.intake import read_source

    copy = course.base / "kim" / ID
    copy.mkdir(parents=True)
    (copy / "bench.ipynb").write_text(json.dumps(work(call())), encoding="utf-8")
    submission = next(iter(read_source(copy, assignment)))
    store_submission(desk.settings.results / "submissions", submission)
    record = dataclasses.replace(result("kim"), assignment=ID, digest=submission.digest)
    desk.receipts.adopt(7, record)
    assert own_words(assignment, desk.receipts.rows()[0]) == "마지막 제출물을 아직 읽지 않았습니다."

    desk._read_stated()
    assert board(desk, assignment)["count"] == 1
    assert desk.receipts.unstated() == []


def test_a_copy_that_is_gone_or_broken_says_nothing_and_stops_nothing(desk: Desk, assignment: Assignment) -> None:
    for student in STUDENTS:
        ref = hand_in(desk, student, assignment=ID)
        receipt = desk.receipts.get(ref)
        assert receipt is not None
        desk.receipts.tell(receipt, {"title": ""})
    desk._read_stated()
    assert desk.receipts.unstated() == []
    assert board(desk, assignment)["count"] == 0


# -- what is shown


def test_under_three_entries_only_their_count_is_shown(desk: Desk, assignment: Assignment) -> None:
    """Of two numbers each of the two knows whose the other is."""
    fill(desk, {"kim": (0.7, 10), "lee": (0.8, 10)}, assignment=ID)
    for viewer in ("kim", "park", ""):
        found = board(desk, assignment, viewer)
        assert (found["count"], found["rows"]) == (2, [])
        assert "0.8" not in json.dumps(found), "of another's"
    assert "0.7" in board(desk, assignment, "kim")["own"]
    assert FEWEST == 3


def test_the_board_holds_no_name_and_is_the_same_in_whichever_order_work_came(
    course: Course, desk: Desk, assignment: Assignment
) -> None:
    numbers = {"kim": (0.7, 10.0), "lee": (0.7, 10.0), "park": (0.9, 5.0)}
    fill(desk, numbers, assignment=ID)
    first = board(desk, assignment)
    fill(desk, dict(reversed(numbers.items())), assignment=ID)

    assert board(desk, assignment) == first
    text = json.dumps(first, ensure_ascii=False)
    assert not any(name in text for name in (*STUDENTS, "2026"))
    assert [row["place"] for row in first["rows"]] == [1, 2, 2, None]


def test_ones_own_entry_is_marked_for_oneself_only(desk: Desk, assignment: Assignment) -> None:
    fill(desk, {"kim": (0.7, 10), "lee": (0.7, 10), "park": (0.7, 10)}, assignment=ID)
    for viewer, marked in (("kim", 1), ("park", 1), ("", 0), ("stranger", 0)):
        assert sum(row["own"] for row in board(desk, assignment, viewer)["rows"]) == marked


def test_of_equal_numbers_the_cheaper_comes_first_and_of_equal_entries_ones_own(
    desk: Desk, assignment: Assignment
) -> None:
    """Else the place among equal ones would tell who came first."""
    fill(desk, {"kim": (0.7, 20), "lee": (0.7, 10), "park": (0.7, 10)}, assignment=ID)
    for viewer in ("lee", "park"):
        rows = shown(board(desk, assignment, viewer))
        assert rows[:2] == [(1, "0.7", "10", True), (1, "0.7", "10", False)]
        assert rows[2] == (1, "0.7", "20", False)


def test_where_a_low_number_is_better_the_order_turns(desk: Desk, assignment: Assignment) -> None:
    low = dataclasses.replace(
        assignment, open_problem=dataclasses.replace(PROBLEM, better="low", baseline=200.0, most=1e9)
    )
    fill(desk, {"kim": (150, 10), "lee": (200, 10), "park": (12345, 10)}, assignment=ID)
    assert shown(board(desk, low)) == [
        (1, "150", "10", False),
        (2, "200", "10", False),
        (None, "200", "", False),
        (3, "12,345", "10", False),
    ]
    assert [row["difference"] for row in board(desk, low)["rows"]] == ["−50", "0", "", "+12,145"]


LEFT_OUT = {
    "in-percent": (Stated(True, 81.0, 10.0), "0부터 1까지의 수를 적어야 합니다. 지금은 81입니다. 백분율이라면"),
    "above": (Stated(True, 1e308, 10.0), "0부터 1까지의 수를"),
    "below": (Stated(True, -0.1, 10.0), "0부터 1까지의 수를"),
    "over-the-budget": (Stated(True, 0.8, 3001.0), "쓴 파라미터 3,001개가 예산 3,000개를 넘었습니다"),
    "less-than-nothing-spent": (Stated(True, 0.8, -1.0), "0 이상의 정수로"),
    "a-part-of-one-spent": (Stated(True, 0.8, 2.5), "0 이상의 정수로"),
    **{trouble.value: (Stated(trouble=trouble), "게시판에 올리지 않았습니다. ") for trouble in Trouble},
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_is_told_to_its_student_alone(desk: Desk, assignment: Assignment, name: str) -> None:
    stated, words = LEFT_OUT[name]
    ref = hand_in(desk, "kim", assignment=ID)
    desk.receipts.note_stated(ref, stated.to_dict())

    assert board(desk, assignment)["count"] == 0
    assert words in board(desk, assignment, "kim")["own"]
    assert words not in board(desk, assignment, "lee")["own"]
    assert "{" not in stated_words(stated, assignment)


def test_what_is_as_dear_as_the_budget_and_as_good_as_can_be_counts(desk: Desk, assignment: Assignment) -> None:
    fill(desk, {"kim": (1.0, 3000), "lee": (0.0, 0), "park": (0.66, 1)}, assignment=ID)
    assert [row[:2] for row in shown(board(desk, assignment))] == [(1, "1"), (2, "0.66"), (None, "0.66"), (3, "0")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2900, "2,900"),
        (0.8125, "0.8125"),
        (1e308, "1.000e+308"),
        (-3, "-3"),
        (0, "0"),
        (1234.5, "1,234"),
        (1e-7, "1e-07"),
    ],
)
def test_an_amount_is_short(value: float, text: str) -> None:
    assert amount(value) == text


# -- who sees it


def test_students_see_the_board_of_what_is_released_or_graded_and_staff_any(
    desk: Desk, web: Web, real: Assignment
) -> None:
    for path in (f"board/{REAL}", f"api/board/{REAL}"):
        assert web.get(path, "teacher").status == 200
        assert web.get(path, "kim").status == 404, "not released"
        assert web.get(path, "stranger").status == 403
    hand_in(desk, "kim", result("kim"))
    assert [web.get(f"board/{REAL}", who).status for who in ("kim", "lee")] == [200, 404]


def test_an_assignment_without_an_open_problem_has_no_board(
    desk: Desk, web: Web, real: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = suites_dir() / REAL / "assignment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(TABLE, ""), encoding="utf-8")
    hand_in(desk, "kim", result("kim"))

    assert web.get(f"board/{REAL}", "teacher").status == 404
    assert "board/" not in web.get("", "kim").text
    assert "board/" not in web.get(f"class/{REAL}", "teacher").text


def test_pages_lead_to_the_board_and_name_nobody(desk: Desk, web: Web, real: Assignment) -> None:
    hand_in(desk, "kim", result("kim"))
    fill(desk, {"kim": (0.7, 10), "lee": (0.8, 3001), "park": (0.9, 5)})

    assert f"board/{REAL}" in web.get("", "kim").text
    assert "0.7을 게시판에 이름 없이 올렸습니다" in web.get("", "kim").text
    assert "board/" in web.get(f"class/{REAL}", "teacher").text
    for who in ("kim", "teacher"):
        for path in (f"board/{REAL}", f"api/board/{REAL}"):
            text = web.get(path, who).text
            assert "lee" not in text and "park" not in text
            assert "0.8" not in text and "3,001" not in text
    assert web.get(f"api/board/{REAL}", "teacher").json()["own"] == ""


def test_an_assignment_that_was_not_released_is_not_told_of_on_ones_own_page(
    desk: Desk, web: Web, real: Assignment
) -> None:
    hand_in(desk, "kim")
    (own,) = views.own_submissions("kim", desk.receipts, desk.settings)["assignments"]
    assert (own["title"], own["board"]) == (REAL, "")


@pytest.mark.browser
def test_the_board_in_a_browser(desk: Desk, web: Web, real: Assignment, open_page: Any) -> None:
    """axe finds nothing, nothing is wider than a phone, and a new number appears by itself."""
    hand_in(desk, "kim", result("kim"))
    fill(desk, {"kim": (0.7, 10), "lee": (0.8, 3000)})
    page = open_page(f"board/{REAL}", "kim", viewport={"width": 320, "height": 700})
    assert "지금까지 2명이 참여했습니다" in page.inner_text("main")
    assert violations(page) == []

    fill(desk, {"park": (0.5, 30)})
    page.get_by_role("row").nth(4).wait_for(timeout=60_000)
    assert [row.split() for row in page.inner_text("tbody").splitlines()][1][:3] == ["2", "내", "기록"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert violations(page) == []
    assert page.trouble == []
