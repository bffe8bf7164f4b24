"""One total everywhere, and a person's work in the gradebook handed on by itself. Nothing is graded here."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import random
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.integrations import totals
from autograder.integrations.csv_export import gradebook_csv
from autograder.integrations.exchange import Delivery
from autograder.integrations.offered import listed_in
from autograder.model import GradeRecord
from autograder.service import follow, views
from autograder.service.desk import Desk
from autograder.service.receipt import Receipt
from tests.integrations.course_folder import Course as Folder
from tests.integrations.course_folder import gradebook_without_submissions, record
from tests.reading import ROOT
from tests.report import records as sample
from tests.service.conftest import REAL, desk_of
from tests.service.course import Course
from tests.service.web import Web

pytestmark = pytest.mark.xdist_group("totals")
SENT = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
RULE = """
import math
from nbgrader.plugins import BasePlugin
class Rule(BasePlugin):
    def late_submission_penalty(self, student, score, seconds):
        return {points} * math.ceil(seconds / 86400)
"""


def _suites(folder: Path) -> Path:
    """The kit's suites, the first as the sample records and the small master speak of it."""
    own = sample.assignment()
    lines = [f'title = "{own.title}"', f'notebook = "{own.notebook}"', f"points = {own.points:g}"]
    for question in own.questions:
        lines += ["", "[[questions]]", f'id = "{question.id}"', f'title = "{question.title}"']
        lines += [f"points = {question.points:g}", f"names = {json.dumps(list(question.names))}"]
        lines += ["manual = true"] if question.manual else []
    (folder / own.id).mkdir(parents=True)
    for other in (ROOT / "autograder" / "suites").iterdir():
        if (other / "assignment.toml").is_file() and other.name != own.id:
            (folder / other.name).symlink_to(other)
    (folder / own.id / "assignment.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course with a penalty rule of its own and a gradebook that has the cells of one assignment."""
    course = Course(tmp_path / "room")
    folder = Folder.__new__(Folder)
    made = tmp_path / "made"
    made.mkdir()
    folder.__init__(made)  # type: ignore[misc]
    (made / "solutions" / REAL).rename(course.root / "solutions" / REAL)
    config = (made / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "late_rule.py").write_text(RULE.format(points=10), encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(
        f"{config}\nfrom late_rule import Rule\nc.AssignLatePenalties.plugin_class = Rule\n"
        f'c.CourseDirectory.db_url = "sqlite:///{course.root / "gradebook.db"}"\n'
        f'c.Exchange.root = "{course.exchange}"\n',
        encoding="utf-8",
    )
    (course.root / "gradebook.db").write_bytes(gradebook_without_submissions())
    (course.exchange / "whydl" / "outbound" / REAL).mkdir(parents=True)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(_suites(tmp_path / "suites")))
    monkeypatch.setattr(totals, "_REST", 0)
    monkeypatch.setattr(follow, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr(follow, "_AGAIN_SECONDS", 0.0)
    return course


@pytest.fixture
def office(room: Course) -> Iterator[Desk]:
    desk = desk_of(room)
    yield desk
    desk.stop()
    desk.receipts.close()
    desk.ledger.close()


def graded(desk: Desk, student: str, result: GradeRecord | None = None, sent: dt.datetime = SENT) -> Receipt:
    """Let a result of a student be handed on, as the desk does."""
    number = len(desk.receipts.rows())
    stamp = sent.isoformat()
    name = f"{student}+{REAL}+{number}"
    delivery = Delivery(name, student, REAL, stamp, stamp, True, secrets.token_hex(64), (), ())
    desk.receipts.add(f"{number:024x}", delivery)
    receipt = desk.receipts.claim(1000)
    assert receipt is not None
    own = dataclasses.replace(result or record(student), student=student, received_at=stamp)
    desk._publisher.publish(receipt, own, load_assignment(REAL, desk.settings.root))
    desk.receipts.finish(receipt, own, None)
    return receipt


def catch_up(desk: Desk) -> None:
    """Let what people have changed be followed to the end."""
    follower = desk._publisher._follower
    for _ in range(4):
        follower.look(desk.record)
        if follower._thread is not None:
            follower._thread.join(60)


def write(desk: Desk, change: Callable[[Any], None]) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{desk.settings.root / 'gradebook.db'}", "whydl") as gradebook:
        change(gradebook)
        gradebook.db.commit()


def decide(desk: Desk, student: str, cell: str, **values: Any) -> None:
    """Write as formgrader does."""

    def change(gradebook: Any) -> None:
        grade = gradebook.find_grade(cell, REAL, REAL, student)
        for name, value in {"needs_manual_grade": False, **values}.items():
            setattr(grade, name, value)

    write(desk, change)


def due(desk: Desk, moment: dt.datetime | None) -> None:
    def change(gradebook: Any) -> None:
        gradebook.find_assignment(REAL).duedate = None if moment is None else moment.replace(tzinfo=None)

    write(desk, change)


def fetched(desk: Desk, receipt: Receipt) -> Path:
    import hashlib

    name = hashlib.md5((receipt.secret + REAL).encode()).hexdigest()
    return desk.settings.exchange / "whydl" / "feedback" / f"{name}.html"


def shown_total(html: str) -> str:
    found = re.search(r"<strong>([\d.]+)</strong> <span>/ 110</span>", html)
    return found[1] if found else ""


def test_every_place_shows_the_same_total(office: Desk) -> None:
    """Whatever a person has written into the gradebook: points, extra credit, penalties, what still waits."""
    draw = random.Random(7)
    students = ("kim", "lee", "park")
    receipts = {s: graded(office, s, sample.partial() if s == "lee" else None) for s in students}
    served = Web(office)
    try:
        for _ in range(4):
            for student in students:
                for cell in ("q1-check", "q3-check", "reflection"):
                    manual = draw.choice([None, 0.0, 3.25, 7.5]) if cell != "reflection" else draw.choice([0.0, 7.25])
                    extra = draw.choice([None, None, 2.0, 0.5])
                    decide(office, student, cell, manual_score=manual, extra_credit=extra)
                if draw.random() < 0.3:
                    decide(office, student, "reflection", manual_score=None, needs_manual_grade=True)
                penalty = draw.choice([None, 10.0, 12.5, 1000.0])
                write(office, lambda g, s=student, p=penalty: set_penalty(g, s, p))
            text = gradebook_csv(f"sqlite:///{office.settings.root / 'gradebook.db'}")
            table = {row["계정"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
            everybody = served.get(f"api/class/{REAL}", "teacher").json()["totals"]
            class_page = served.get(f"class/{REAL}", "teacher").text
            for student in students:
                final = table[student]["최종 점수"]
                ref = receipts[student].ref
                listed = served.get("api/me", student).json()["assignments"][0]["submissions"][0]["points"]
                detail = served.get(f"api/submissions/{ref}", student).json()["points"]
                numbers = [listed["total"], detail["total"], everybody[student]["total"]]
                assert numbers == [float(final) if final else None] * 3, student
                pages = [served.get(p, student).text for p in (f"submissions/{ref}", f"submissions/{ref}/feedback")]
                assert [shown_total(page) for page in pages] == [final, final]
                mine = served.get("", student).text
                assert (f"<strong>{final} / 110점</strong>" if final else "돌아보기 10점은 조교가 채점합니다.") in mine
                row = class_page.split(f"<bdi>{student}</bdi></a></td>")[1].split("</tr>")[0]
                assert (f"<strong>{final}</strong>" if final else "미정") in row
                assert table[student]["늦은 제출 감점"] == f"{listed['penalty']:g}"
    finally:
        served.close()


def set_penalty(gradebook: Any, student: str, points: float | None) -> None:
    gradebook.find_submission_notebook(REAL, REAL, student).late_submission_penalty = points


def test_manual_points_reach_the_fetched_feedback_and_nothing_is_written_twice(office: Desk) -> None:
    first, other = graded(office, "kim"), graded(office, "lee")
    catch_up(office)
    before = fetched(office, other).stat().st_mtime_ns, fetched(office, first).stat().st_mtime_ns
    decide(office, "kim", "reflection", manual_score=7.25)
    write(office, lambda g: setattr(g.find_comment("reflection", REAL, REAL, "kim"), "manual_comment", "생각이 좋아요"))
    catch_up(office)
    page = fetched(office, first).read_text(encoding="utf-8")
    assert shown_total(page) == "107.25"
    assert "생각이 좋아요" in page
    root = office.settings.root
    assert (root / "feedback" / "kim" / REAL / f"{REAL}.html").read_text(encoding="utf-8") == page
    assert fetched(office, other).stat().st_mtime_ns == before[0], "whose points did not change is left alone"
    stamp, state = fetched(office, first).stat().st_mtime_ns, totals.state_of(office.book.known_url)
    catch_up(office)
    assert (fetched(office, first).stat().st_mtime_ns, totals.state_of(office.book.known_url)) == (stamp, state)


def test_a_moved_due_date_is_followed_in_both_directions_and_the_persons_points_stay(office: Desk) -> None:
    receipt = graded(office, "kim")
    decide(office, "kim", "reflection", manual_score=7.0)
    due(office, SENT - dt.timedelta(hours=1, minutes=12))
    catch_up(office)
    page = fetched(office, receipt).read_text(encoding="utf-8")
    assert shown_total(page) == "97"
    assert "마감보다 1시간 12분 늦었습니다. 감점 10점." in page
    own = views.own_submissions("kim", office.receipts, office.settings, office.book)["assignments"][0]
    assert own["submissions"][0]["points"]["parts"] == ["자동 100 / 100", "직접 채점 7 / 10", "늦은 제출 −10"]
    assert own["cost"] == "늦으면 하루마다 10점씩 깎입니다."

    due(office, SENT + dt.timedelta(hours=1))
    catch_up(office)
    page = fetched(office, receipt).read_text(encoding="utf-8")
    assert shown_total(page) == "107"
    assert "늦" not in page.split("<main>")[0]


def test_a_changed_rule_is_followed_and_a_broken_one_is_told_and_mended(office: Desk) -> None:
    rule = office.settings.root / "late_rule.py"
    due(office, SENT - dt.timedelta(days=1, hours=1))
    receipt = graded(office, "kim")
    decide(office, "kim", "reflection", manual_score=0.0)
    rule.write_text(RULE.format(points=15), encoding="utf-8")
    catch_up(office)
    assert shown_total(fetched(office, receipt).read_text(encoding="utf-8")) == "70"

    rule.write_text(RULE.format(points="1 / 0"), encoding="utf-8")
    late = graded(office, "lee")
    (stop,) = views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"]
    assert (stop["code"], stop["kind"]) == ("late-penalty-failed", "course")
    row = office.receipts.get(late.ref)
    assert row is not None and (row.state, row.score) == ("done", 100.0), "the grade is not lost"
    own = views.one_submission(row, office.receipts, office.book)
    assert own["pending"]
    assert own["points"]["parts"][0] == "자동 100 / 100"

    rule.write_text(RULE.format(points=5), encoding="utf-8")
    catch_up(office)
    assert views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"] == []
    own = views.one_submission(row, office.receipts, office.book)
    assert (own["pending"], own["points"]["penalty"]) == (False, 10.0)


def test_a_change_made_while_the_service_was_down_is_not_missed_and_a_restart_writes_nothing(
    room: Course, office: Desk
) -> None:
    kim, lee = graded(office, "kim"), graded(office, "lee")
    catch_up(office)
    office.stop()
    stamps = [fetched(office, r).stat().st_mtime_ns for r in (kim, lee)]
    decide(office, "kim", "reflection", manual_score=5.0)
    again = desk_of(room)
    try:
        catch_up(again)
        assert shown_total(fetched(again, kim).read_text(encoding="utf-8")) == "105"
        assert [fetched(again, r).stat().st_mtime_ns == s for r, s in zip((kim, lee), stamps, strict=True)] == [
            False,
            True,
        ]
    finally:
        again.stop()
        again.receipts.close()
        again.ledger.close()


def test_a_rule_that_answers_otherwise_each_time_does_not_keep_the_gradebook_changing(office: Desk) -> None:
    rule = RULE.replace("return {points} *", "import random; return random.random() *")
    (office.settings.root / "late_rule.py").write_text(rule, encoding="utf-8")
    due(office, SENT - dt.timedelta(hours=1))
    graded(office, "kim")
    catch_up(office)
    state = totals.state_of(office.book.known_url)
    catch_up(office)
    assert totals.state_of(office.book.known_url) == state


def test_points_changed_in_the_master_are_told_as_a_wrong_file_and_go_on_when_mended(office: Desk) -> None:
    graded(office, "kim")
    path = office.settings.root / "solutions" / REAL / f"{REAL}.ipynb"
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "q1-check":
            cell["metadata"]["nbgrader"]["points"] = 13
    path.write_text(json.dumps(notebook), encoding="utf-8")
    receipt = graded(office, "lee")
    (stop,) = views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"]
    assert (stop["kind"], stop["id"]) == ("file", REAL)
    own = views.one_submission(office.receipts.get(receipt.ref), office.receipts, office.book)  # type: ignore[arg-type]
    assert own["pending"] and "장비" not in json.dumps(own, ensure_ascii=False)

    path.write_text(text, encoding="utf-8")
    catch_up(office)
    assert views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"] == []
    assert office.book.reading(load_assignment(REAL, office.settings.root)).standings["lee"].automatic == 100


def test_what_is_wrong_with_the_course_stands_on_both_pages_and_goes_away(office: Desk) -> None:
    graded(office, "kim")
    root = office.settings.root
    served = Web(office)
    try:
        for name, broken, word in (
            ("nbgrader_config.py", "1 / 0", "nbgrader-config-invalid"),
            ("course.toml", 'timezone = "Asia/Nowhere"', "course-file-invalid"),
        ):
            path = root / name
            whole = path.read_text(encoding="utf-8") if path.exists() else None
            path.write_text(broken, encoding="utf-8")
            catch_up(office)
            for page in ("", f"class/{REAL}"):
                text = served.get(page, "teacher").text
                assert "과목의 설정이 틀렸습니다" in text
                assert word in text
                assert "장비" not in text
            assert served.get("", "kim").status == 200
            path.unlink() if whole is None else path.write_text(whole, encoding="utf-8")
            office._recheck()
            catch_up(office)
            assert word not in served.get("", "teacher").text
    finally:
        served.close()


def test_another_courses_gradebook_is_not_written(office: Desk) -> None:
    write(office, lambda g: (g.check_course("other"), setattr(g.find_assignment(REAL), "course_id", "other")))
    receipt = graded(office, "kim")
    (stop,) = views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"]
    assert (stop["code"], stop["kind"]) == ("gradebook-other-course", "course")
    assert fetched(office, receipt).exists()
    write(office, lambda g: setattr(g.find_assignment(REAL), "course_id", "whydl"))
    catch_up(office)
    assert views.course_overview(office.receipts, office.settings, office.suites, office.book)["stopped"] == []
    assert office.book.reading(load_assignment(REAL, office.settings.root)).standings.keys() == {"kim"}


def test_an_older_submission_shows_its_own_points_as_not_counted(office: Desk) -> None:
    older = graded(office, "kim", sample.partial())
    graded(office, "kim", sent=SENT + dt.timedelta(hours=2))
    decide(office, "kim", "reflection", manual_score=10.0)
    newer, old = views.own_submissions("kim", office.receipts, office.settings, office.book)["assignments"][0][
        "submissions"
    ]
    assert (newer["counts"], newer["points"]["words"]) == (True, "110 / 110점")
    assert (old["counts"], old["points"]["words"], old["points"]["parts"]) == (False, "", ["자동 83 / 100"])
    assert old["ref"] == older.ref


def test_students_see_what_is_released_and_no_title_of_anything_else(office: Desk) -> None:
    served = Web(office)
    try:
        assert [a["id"] for a in served.get("api/me", "kim").json()["assignments"]] == [REAL]
        text = served.get("", "kim").text
        assert "가중치" not in text and "02-weight-init" not in text
        course = served.get("api/course", "teacher").json()
        assert [(a["id"], a["word"]) for a in course["assignments"]] == [(REAL, "배포함")]
        assert len(course["unreleased"]) == 4
        assert served.get("class/02-weight-init", "teacher").status == 200
        due(office, SENT - dt.timedelta(days=1))
        assert served.get("api/course", "teacher").json()["assignments"][0]["word"] == "마감 지남"
        listed = listed_in(office.settings.root)
        assert listed is not None
        assert {i: o.words("Asia/Seoul") for i, o in listed.items()} == {REAL: "마감 지남, 마감 3월 1일 19:00 KST"}
        assert listed_in(office.settings.root / "solutions") is None
    finally:
        served.close()
