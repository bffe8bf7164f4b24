"""A wrong suite stops its own assignment only: nobody loses a point, students are told so, staff read why and go on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.service import views
from autograder.service.desk import Desk
from autograder.service.receipt import SUITE_REFUSED
from tests.service.conftest import Lent
from tests.service.course import ID, Course, until
from tests.service.web import Web

RIGHT = "student.softmax(x)"
WRONG = "student.sotfmax(x)"


@pytest.fixture
def suite(course: Course, desk: Desk, lent: Lent) -> Path:
    """The course's suite with a misspelt call in it, not tried yet."""
    shutil.rmtree(desk.settings.results / "trials")
    path = course.root / "suites" / ID / "test_q1.py"
    edit(path, RIGHT, WRONG)
    return path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_a_submission_for_a_wrong_suite_waits_and_is_graded_when_the_suite_is_mended(
    course: Course, desk: Desk, suite: Path, work: Callable[[], None]
) -> None:
    course.submit("kim")

    work()

    (receipt,) = desk.receipts.rows()
    assert (receipt.state.value, receipt.code) == ("waiting", SUITE_REFUSED)
    assert desk.ledger.latest(ID) == []
    assert not (course.root / "gradebook.db").exists()
    stopped = views.course_overview(desk.receipts, desk.settings, desk.suites)["stopped"]
    assert [stop["id"] for stop in stopped] == [ID]
    line = 1 + suite.read_text(encoding="utf-8").split(WRONG)[0].count("\n")
    assert f"test_q1.py {line}번째 줄" in stopped[0]["message"]
    own = views.own_submissions("kim", desk.receipts, desk.settings)["assignments"][0]["submissions"][0]
    assert "장비" not in own["note"]
    assert "저절로 채점" in own["note"]

    edit(suite, WRONG, RIGHT)
    desk._recheck()
    work()

    assert course.grades("kim") == (100.0, False)
    assert views.course_overview(desk.receipts, desk.settings, desk.suites)["stopped"] == []


def test_a_refused_suite_is_not_run_again_for_each_submission(
    course: Course, desk: Desk, suite: Path, work: Callable[[], None], lent: Lent
) -> None:
    course.submit("kim")
    work()
    tried = lent.graded

    course.submit("lee")
    work()

    assert lent.graded == tried
    assert [r.code for r in desk.receipts.rows()] == [SUITE_REFUSED] * 2


def test_a_misspelt_key_stops_the_assignment_and_goes_away_with_it(
    course: Course, desk: Desk, work: Callable[[], None]
) -> None:
    toml = course.root / "suites" / ID / "assignment.toml"
    edit(toml, "points = 100\n\n", "points = 100\n\n[limits]\nnotebok_seconds = 180\n\n")
    course.submit("kim")

    work()

    (receipt,) = desk.receipts.rows()
    assert receipt.code == SUITE_REFUSED
    (stop,) = views.course_overview(desk.receipts, desk.settings, desk.suites)["stopped"]
    assert "notebook_seconds" in stop["message"]

    edit(toml, "[limits]\nnotebok_seconds = 180\n\n", "")
    desk._recheck()
    work()
    assert course.grades("kim") == (100.0, False)


def test_staff_have_a_suite_tried_now_and_students_cannot(
    course: Course, desk: Desk, suite: Path, work: Callable[[], None], lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.submit("kim")
    work()
    tried = lent.graded
    served = Web(desk)
    try:
        assert served.post(f"class/{ID}/try-suite", "kim").status == 403
        assert "지금 다시 확인" in served.get(f"class/{ID}", "teacher").text

        assert served.post(f"class/{ID}/try-suite", "teacher").status in (200, 303)
        until(lambda: not desk.suites.trying())
        assert lent.graded > tried, "it was run again, though nothing has changed"
    finally:
        served.close()
