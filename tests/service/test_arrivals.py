"""What is taken of a crowd: for released assignments only, in turns, once, whatever is killed in between."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.intake.release import released_cells
from autograder.integrations.due_dates import due_date
from autograder.integrations.exchange import Complete, Delivery, Inbound, Wanted, receipt_path
from autograder.service import arrivals, views
from autograder.service.desk import Desk
from autograder.service.receipt_view import receipt_values
from autograder.service.receipts import Receipts
from autograder.service.shell import Shell
from tests.bench import material
from tests.integrations.course_folder import gradebook_without_submissions
from tests.service.conftest import desk_of
from tests.service.course import ID, Course, Handed, right


def states(desk: Desk, student: str | None = None) -> list[str]:
    return [r.state.value for r in desk.receipts.rows(student=student)]


def copies(desk: Desk) -> list[Path]:
    return sorted((desk.settings.results / "inbox").glob("*")) if (desk.settings.results / "inbox").is_dir() else []


def answer(course: Course, handed: Handed) -> dict[str, Any]:
    path = receipt_path(course.exchange, "whydl", handed.secret)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def own(desk: Desk, student: str = "kim") -> dict[str, Any]:
    """The newest submission as its student's page shows it."""
    (group,) = [g for g in views.own_submissions(student, desk.receipts, desk.settings)["assignments"] if g["id"] == ID]
    return dict(group["submissions"][0])


def look(desk: Desk) -> None:
    desk.sweep()
    desk._acknowledger.work()


# What is taken


def test_of_a_flood_only_the_newest_is_copied_and_others_are_not_delayed(
    course: Course, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 folders of one student, then one of another, who has the receipt after one sweep."""
    for number in range(300):
        stamp = f"2026-11-30 14:{number // 60:02d}:{number % 60:02d}.000000 UTC"
        course.submit("kim", b"{}", stamp=stamp)
    other = course.submit("lee")
    took: list[str] = []
    take = Inbound.take

    def counted(inbound: Inbound, folder: str, into: Path, wanted: Wanted) -> Delivery:
        took.append(folder)
        return take(inbound, folder, into, wanted)

    monkeypatch.setattr(Inbound, "take", counted)
    look(desk)
    assert states(desk, "lee") == ["waiting"]
    assert answer(course, other)["ok"]
    while desk.sweep():
        pass
    assert sorted(states(desk, "kim")) == ["superseded"] * 299 + ["waiting"]
    assert (len(took), len(copies(desk))) == (2, 2)


def test_an_older_waiting_ones_copy_goes_when_a_newer_one_comes(course: Course, desk: Desk) -> None:
    for _ in range(3):
        course.submit("kim")
        look(desk)
    assert states(desk) == ["waiting", "superseded", "superseded"]
    assert len(copies(desk)) == 1


class Monotonic:
    """In the place of the module's clock."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    made = Monotonic()
    monkeypatch.setattr(arrivals, "time", made)
    return made


def test_students_take_turns(course: Course, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hands in for many assignments at once; whoever comes at the same time is second, not last."""
    for number in range(6):
        course.release(f"week-{number}")
        course.submit("kim", assignment=f"week-{number}")
    course.submit("lee")
    monkeypatch.setattr(arrivals, "_BUDGET_SECONDS", 0.0)
    for _ in range(7):
        desk.sweep()
    order = [r.student for r in sorted(desk.receipts.rows(), key=lambda r: r.id)]
    assert order == ["kim", "lee", *["kim"] * 5]


def test_a_students_share_of_the_sweeps_is_bounded(course: Course, desk: Desk, clock: Monotonic) -> None:
    for number in range(20):
        course.release(f"week-{number}")
        course.submit("kim", assignment=f"week-{number}")
    desk.sweep()
    assert len(desk.receipts.rows()) == 7, "eight, and their bytes count too"
    clock.now += 3
    course.submit("lee")
    desk.sweep()
    assert len(desk.receipts.rows(student="kim")) == 10
    assert len(desk.receipts.rows(student="lee")) == 1


def test_an_invented_assignment_makes_the_service_copy_nothing(course: Course, desk: Desk) -> None:
    handed = course.submit("kim", assignment="my-backup")
    look(desk)
    (row,) = desk.receipts.rows()
    assert (row.state.value, row.code, row.student) == ("refused", "assignment-unknown", "kim")
    assert copies(desk) == []
    assert "찾을 수 없습니다" in answer(course, handed)["lines"][0]


def test_work_for_an_assignment_that_is_released_later_is_taken_then(course: Course, desk: Desk) -> None:
    shutil.rmtree(course.exchange / "whydl" / "outbound")
    early = course.submit("kim", b"{}")
    handed = course.submit("kim")
    look(desk)
    assert [r.code for r in desk.receipts.rows()] == ["assignment-unreleased"] * 2
    assert "아직 배포되지 않았습니다" in answer(course, handed)["lines"][0]
    course.release(ID)
    desk._recheck()
    desk._acknowledger.work()
    assert states(desk) == ["waiting", "refused"]
    assert answer(course, handed)["ok"]
    assert answer(course, early)


def test_what_is_not_whose_it_says_is_no_reason_to_pass_over_anybodys_work(course: Course, desk: Desk) -> None:
    """A forged folder with a later time, of another user."""
    if os.geteuid():
        pytest.skip("only root can give a folder to somebody else")
    course.submit("kim")
    forged = course.submit("kim", b"{}")
    os.chown(forged.folder, 65534, 65534)
    look(desk)
    assert sorted((r.student, r.state.value) for r in desk.receipts.rows()) == [("", "refused"), ("kim", "waiting")]


def test_a_folder_that_stays_half_written_is_looked_at_less_often_and_taken_in_the_end(
    course: Course, desk: Desk, clock: Monotonic, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    look_at = Inbound.look

    def counted(inbound: Inbound, name: str) -> Complete | None:
        looked.append(name)
        return look_at(inbound, name)

    monkeypatch.setattr(Inbound, "look", counted)
    handed = course.submit(complete=False)
    desk.sweep()
    clock.now += 3600
    for _ in range(20):
        desk.sweep()
    assert len(looked) == 2
    handed.complete()
    for _ in range(20):
        desk.sweep()
    assert states(desk) == ["waiting"]


# What is told


def template() -> dict[str, Any]:
    """The notebook as it is handed out."""
    notebook = right()
    released = {cell.grade_id: cell.source for cell in released_cells(material.master(tests_inside=False))}
    for cell in notebook["cells"]:
        cell["source"] = released.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    return notebook


def conflict() -> bytes:
    """The notebook as git leaves it after a merge that failed."""
    lines = json.dumps(right(), indent=1).splitlines()
    return "\n".join([lines[0], "<<<<<<< HEAD", *lines[1:9], "=======", *lines[1:], ">>>>>>> theirs"]).encode()


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (right(), ""),
        (template(), "제출한 답이 없습니다"),
        (b"", "비어 있습니다"),
        (b'{"cells": [', "끊겨"),
        (conflict(), "합치다 만 표시"),
        ({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, "답안 셀도"),
    ],
    ids=["right", "template", "empty", "broken", "conflict", "foreign"],
)
def test_a_wrong_or_blank_file_is_told_at_once(course: Course, desk: Desk, work: Any, says: str) -> None:
    handed = course.submit("kim", work)
    look(desk)
    told, page = answer(course, handed), own(desk)["receipt"]
    assert told["ok"] is (not says)
    assert says in " ".join(told["lines"])
    assert (told["attempt"], told["notebook"]) == (1, "bench.ipynb")
    assert told["page"].endswith(f"/submissions/{desk.receipts.rows()[0].ref}")
    assert page["problems"] == told["lines"] or not says
    assert page["fine"] is (not says)


def test_a_folder_without_a_notebook_is_told_what_was_in_it(course: Course, desk: Desk) -> None:
    handed = course.submit("kim", name="answers.zip")
    look(desk)
    told = answer(course, handed)
    assert not told["ok"]
    assert "노트북(.ipynb)이 없습니다" in told["lines"][0]
    assert "answers.zip" in told["lines"][-1]


def test_attempts_are_counted_by_assignment(course: Course, desk: Desk) -> None:
    course.submit("lee")
    for number in (1, 2, 3):
        handed = course.submit("kim", right(str(number)))
        look(desk)
        assert answer(course, handed)["attempt"] == number


def test_lateness_is_told_against_the_gradebooks_date_and_an_extension(course: Course, desk: Desk) -> None:
    from nbgrader.api import Gradebook

    book = course.root / "gradebook.db"
    book.write_bytes(gradebook_without_submissions())
    due = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(hours=3, minutes=10, seconds=5)
    with Gradebook(f"sqlite:///{book}", "whydl") as gradebook:
        gradebook.update_or_create_assignment(ID, duedate=due, course_id="whydl")
        gradebook.add_student("lee")
        gradebook.add_submission(ID, "lee")
        gradebook.grant_extension(ID, "lee", days=1)
    assert due_date(book, ID, "kim") == due.replace(tzinfo=dt.UTC)
    assert due_date(book, ID, "lee") == (due + dt.timedelta(days=1)).replace(tzinfo=dt.UTC)
    assert due_date(book, "other", "kim") is None
    late, in_time = course.submit("kim"), course.submit("lee")
    look(desk)
    (line,) = answer(course, late)["lines"]
    assert line.endswith("KST입니다. 마감보다 3시간 10분 늦었습니다.")
    assert answer(course, in_time)["lines"][0].endswith("마감 전에 제출했습니다.")
    assert own(desk)["receipt"]["late"] == "마감보다 3시간 10분 늦었습니다."


def test_a_gradebook_that_cannot_be_read_costs_the_date_only(course: Course, desk: Desk) -> None:
    (course.root / "gradebook.db").write_text("no database", encoding="utf-8")
    handed = course.submit("kim")
    look(desk)
    assert answer(course, handed)["ok"]


def test_a_fault_in_reading_costs_the_details_only(course: Course, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.service import acknowledge

    monkeypatch.setattr(acknowledge, "look", lambda *_: 1 / 0)
    handed = course.submit("kim")
    look(desk)
    assert answer(course, handed)["attempt"] == 1
    assert states(desk) == ["waiting"]


def test_the_wait_is_shown_in_words(course: Course, desk: Desk) -> None:
    for student in ("lee", "park", "kim"):
        course.submit(student)
        look(desk)
    shown = own(desk)
    assert (shown["place"], shown["expected_seconds"], shown["wait"]) == (3, 30, "1분 안에 결과가 나옵니다.")


def test_the_page_says_what_the_receipt_says(course: Course, desk: Desk) -> None:
    shell = Shell(desk.settings, desk, "/services/autograder/")
    macro = shell._environment.get_template("receipt.html.j2").module.receipt  # type: ignore[attr-defined]
    course.submit("kim", template(), name="<b>.ipynb")
    assert str(macro(own_before(desk))) == ""
    desk._acknowledger.work()
    text = str(macro(own(desk)["receipt"]))
    assert "제출한 답이 없습니다" in text
    assert "1번째 제출" in text
    assert "<b>" not in text
    values = {"attempt": 2, "timezone": "Asia/Seoul", "due": "", "late_seconds": 0.0, "notebook": "a.ipynb"}
    found = {"blank": ["q3", "q5"], "questions": 8, "problems": [], "notes": [], "left": []}
    shown = receipt_values(desk.receipts.rows()[0], {**values, **found})
    assert shown is not None
    assert "q3, q5는 아직 비어 있습니다." in str(macro(shown))
    assert not shown["fine"]


def own_before(desk: Desk) -> Any:
    """What the page has of the newest submission while nobody has read it."""
    desk.sweep()
    return own(desk)["receipt"]


# What a killed service leaves


def restarted(course: Course, desk: Desk) -> Desk:
    """Another desk over the same folders, the first one gone without a word."""
    desk._lock_file.close()
    return desk_of(course)


@pytest.mark.parametrize("instant", ["copied", "written down", "answered"])
def test_killed_between_two_steps_the_next_start_ends_what_was_begun(
    course: Course, desk: Desk, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    handed = course.submit("kim")
    with monkeypatch.context() as patch:
        if instant == "copied":
            patch.setattr(Receipts, "add", killed)
        elif instant == "answered":
            patch.setattr(Receipts, "tell", killed)
        else:
            patch.setattr(type(desk._acknowledger), "_told", killed)
        with pytest.raises(KilledError):
            look(desk)
    again = restarted(course, desk)
    again._arrivals.drop_unfinished_copies()
    for receipt in again.receipts.untold():
        again._acknowledger.announce(receipt.ref)
    look(again)
    assert answer(course, handed)["attempt"] == 1
    assert (len(again.receipts.rows()), len(copies(again))) == (1, 1)
    assert own(again)["receipt"]["fine"]
    again.stop()
    again.receipts.close()
    again.ledger.close()


def test_a_table_of_an_earlier_version_is_used_as_it_is(tmp_path: Path) -> None:
    """Without the columns that are new: what stands in it counts as told."""
    path = tmp_path / "service.db"
    Receipts(path).close()
    with sqlite3.connect(path) as database:
        for column in ("attempt", "queued", "begun", "told"):
            database.execute(f"alter table receipts drop column {column}")
        database.execute(
            "insert into receipts (ref, folder, student, assignment, received_at, claimed_at, owner_checked, secret, "
            "state, code, reason, detail, tries, not_before) "
            "values ('r', 'f', 'kim', 'a', '2026-03-02T10:00:00+00:00', '', 1, '', 'waiting', '', '', '', 0, 0)"
        )
    receipts = Receipts(path)
    assert receipts.untold() == []
    claimed = receipts.claim(10)
    assert claimed is not None
    assert (claimed.ref, claimed.attempt) == ("r", 0)
    receipts.close()
