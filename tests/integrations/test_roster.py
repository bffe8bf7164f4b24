"""A class with a roster, by the commands: who is matched, what waits, what staff answer, what reaches the gradebook.

The engine is a stand-in that passes every test, so that nothing here waits for a sandbox.
"""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import GraderError
from autograder.grading.engines import Engine
from autograder.integrations.gradebook_roster import gradebook_roster
from autograder.integrations.release_cells import create_tables
from tests.grading.tried import keep_passed
from tests.integrations.plugin_course import ID, PluginCourse

pytestmark = pytest.mark.xdist_group("gradebook")

ROSTER = """계정,학번,이름,메일
kim,20231234,김하늘,haneul@example.ac.kr
lee,20231235,이서연,
park,20231236,박도윤,
"""
TESTS = [("q1", "test_whole", 30), ("q1", "test_fraction", 30), ("q2", "test_square", 40)]


def passes(_job: dict[str, Any], _silence: float) -> dict[str, Any]:
    tests = [{"name": n, "question": q, "title": n, "points": p, "outcome": "passed"} for q, n, p in TESTS]
    return {"tests": tests, "executed": _job["notebook"]}


@contextlib.contextmanager
def stand_in(_spec: str, _count: int, *, unsafe: bool = False) -> Iterator[Engine]:
    with ThreadPoolExecutor(1) as executor:
        yield Engine(executor, passes, 1, passes, 0, list)


class Class:
    """A course without nbgrader's configuration, an LMS folder of notebooks named after students, and the commands."""

    def __init__(self, folder: Path) -> None:
        self.course = PluginCourse(folder / "course")
        (self.course.root / "nbgrader_config.py").unlink()
        self.inbox, self.out = folder / "inbox", folder / "out"
        self.inbox.mkdir()
        keep_passed(self.out, ID, self.course.root, suites=self.course.suites)
        self.roster = folder / "명단.csv"
        self.roster.write_text(ROSTER, encoding="utf-8")

    def hand_in(self, name: str, work: str = "") -> Path:
        """Hand in right work that is nobody else's, or that of `work`."""
        folder = self.course.hand_in("made", {"q1": f"def double(x):\n    return 2 * x\n# {work or name}"})
        path = self.inbox / f"{name}.ipynb"
        shutil.copy(folder / f"{ID}.ipynb", path)
        return path

    def run(self, *words: str, status: int = 0) -> Any:
        done = CliRunner().invoke(main, [*words, "--out", str(self.out), "--root", str(self.course.root), "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout)

    def grade(self, *words: str, known: bool = True) -> Any:
        return self.run("grade", ID, str(self.inbox), *words, *(["--roster", str(self.roster)] if known else []))

    def sync(self, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = self.run("gradebook", "sync", *words)[0]
        return found

    def rows(self) -> dict[str, str]:
        """Return the student's names in the gradebook, by id."""
        import sqlite3

        if not (self.out / "gradebook.db").exists():
            return {}
        with contextlib.closing(sqlite3.connect(self.out / "gradebook.db")) as database:
            return {
                i: n or ""
                for i, n in database.execute("SELECT id, ifnull(last_name, '') || ifnull(first_name, '') FROM student")
            }

    def csv(self) -> dict[str, dict[str, str]]:
        text = (self.out / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(text.splitlines())}

    def entered(self, *students: str, **names: str) -> None:
        """Enter students into the gradebook, as a person does with nbgrader's own command."""
        from nbgrader.api import Gradebook

        url = f"sqlite:///{self.out / 'gradebook.db'}"
        self.out.mkdir(exist_ok=True)
        create_tables(url)
        with Gradebook(url) as gradebook:
            for student in students:
                fields = dict.fromkeys(("first_name", "last_name", "email", "lms_user_id"))
                gradebook.update_or_create_student(student, **{**fields, **names})


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    made = Class(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.course.suites))
    monkeypatch.setattr("autograder.grading.engines.open_engine", stand_in)
    return made


def test_names_of_every_kind_become_the_roster_s_accounts(room: Class) -> None:
    for name in ("20231234", "이서연", "PARK"):
        room.hand_in(name)
    assert room.grade()["scores"] == {"kim": 100, "lee": 100, "park": 100}


def test_without_a_roster_a_name_is_a_student_as_before(room: Class) -> None:
    room.hand_in("홍길둥")
    assert room.grade(known=False)["scores"] == {"홍길둥": 100}
    assert room.sync()["written"] == 1
    assert room.grade(known=False)["scores"] == {"홍길둥": 100}, "whom our own sync created is no roster"
    room.hand_in("kim")
    assert room.grade(known=False)["needs_staff"] == []


def test_work_that_matches_nobody_waits_before_any_gradebook_is_touched(room: Class) -> None:
    room.hand_in("20231234")
    room.hand_in("홍길둥")
    assert room.grade()["needs_staff"] == [{"student": "홍길둥", "reasons": ["student-unknown"]}]
    assert room.rows() == {}
    found = room.sync()
    assert found["written"] == 1
    assert list(found["refused"]) == ["홍길둥"]
    assert "수강생 명단에 없는 이름" in found["refused"]["홍길둥"]
    assert list(room.rows()) == ["kim"]
    assert not (room.out / "autograded" / "홍길둥").exists()


def test_sync_with_a_roster_enters_all_its_members_and_nobody_else(room: Class) -> None:
    room.hand_in("20231234")
    room.hand_in("홍길둥")
    room.grade(known=False)
    room.sync()
    assert set(room.rows()) == {"20231234", "홍길둥"}
    found = room.sync("--roster", str(room.roster))
    assert set(found["refused"]) == {"20231234", "홍길둥"}, "they are names, not accounts"
    assert {k: v for k, v in room.rows().items() if v} == {"kim": "김하늘", "lee": "이서연", "park": "박도윤"}
    known = gradebook_roster(f"sqlite:///{room.out / 'gradebook.db'}")
    assert known is not None
    assert [member.account for member in known] == ["kim", "lee", "park"]
    assert set(room.grade()["scores"]) == {"kim", "홍길둥"}
    assert set(room.csv()) == {"kim", "홍길둥"}, "what was graded under a number is not there twice"
    assert room.sync()["written"] == 1, "the members are the gradebook's by now"


def test_a_roster_begins_a_gradebook_and_keeps_what_people_entered(
    room: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nbgrader's own program for it is not on the PATH."""
    monkeypatch.setenv("PATH", "/nowhere")
    room.hand_in("20231234")
    room.grade()
    room.sync("--roster", str(room.roster))
    assert set(room.rows()) == {"kim", "lee", "park"}
    room.entered("kim", first_name="Sky", last_name="Kim")
    room.sync("--roster", str(room.roster))
    assert room.rows()["kim"] == "KimSky"


def test_a_gradebook_with_students_is_the_roster(room: Class) -> None:
    room.entered("kim", last_name="김", first_name="하늘")
    for name in ("김하늘", "홍길둥"):
        room.hand_in(name)
    assert room.grade(known=False)["scores"] == {"kim": 100, "홍길둥": None}
    assert set(room.sync()["refused"]) == {"홍길둥"}
    assert set(room.rows()) == {"kim"}


def test_a_person_vouches_for_a_student_whom_sync_created(room: Class) -> None:
    room.hand_in("kim")
    room.hand_in("홍길둥")
    room.grade(known=False)
    room.sync()
    url = f"sqlite:///{room.out / 'gradebook.db'}"
    room.entered("kim")
    known = gradebook_roster(url)
    assert known is not None
    assert [member.account for member in known] == ["kim"], "nbgrader db student add"


def test_a_name_typed_into_formgrader_makes_no_class_of_one(room: Class) -> None:
    from nbgrader.api import Gradebook

    room.hand_in("kim")
    room.hand_in("lee")
    room.grade(known=False)
    room.sync()
    url = f"sqlite:///{room.out / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_student("kim", first_name="하늘", last_name="김", email=None)
    assert gradebook_roster(url) is None
    room.entered("park")
    known = gradebook_roster(url)
    assert known is not None
    assert [(member.account, member.name) for member in known] == [("kim", "김하늘"), ("park", "")]


def test_check_says_what_grading_would_say(room: Class) -> None:
    room.hand_in("20231234")
    room.hand_in("홍길둥")
    words = ("check", str(room.inbox), "--assignment", ID, "--roster", str(room.roster))
    found = {item["student"]: [v["code"] for v in item["verdicts"]] for item in room.run(*words, status=1)}
    assert "student-unknown" in found["홍길둥"]
    assert "student-unknown" not in found["kim"]


def test_an_answer_is_kept_and_used_and_the_name_leaves_every_view(room: Class) -> None:
    room.hand_in("홍길둥")
    room.grade()
    (asked,) = room.run("who", "--roster", str(room.roster))
    assert (asked["name"], asked["assignments"], asked["answer"]) == ("홍길둥", [ID], None)
    (asked,) = room.run("who", "홍길둥", "20231234", "--roster", str(room.roster))
    assert asked["answer"] == "kim"
    assert set(room.csv()) == {"홍길둥"}, "it is nobody's until it is graded again"
    assert room.grade()["scores"] == {"kim": 100}
    assert set(room.csv()) == {"kim"}
    assert "홍길둥" not in (room.out / "report.html").read_text(encoding="utf-8")
    assert [p.name for p in (room.out / "records").iterdir()] == [f"kim--{ID}.json"]
    assert [p.name for p in (room.out / "feedback").iterdir()] == [f"kim--{ID}.html"]
    assert room.run("who", "--roster", str(room.roster)) == []
    found = room.sync()
    assert (found["written"], found["refused"]) == (1, {})
    assert set(room.rows()) == {"kim"}
    from autograder.grading.ledger import Ledger

    with contextlib.closing(Ledger(room.out / "ledger.db")) as ledger:
        assert ledger.history(ID, "홍길둥")[0].record is not None, "superseded, not lost"


def test_an_answer_counts_also_where_the_work_is_found_in_another_place(room: Class) -> None:
    """The archive was downloaded once more, say, under another name."""
    room.hand_in("홍길둥")
    room.grade()
    room.run("who", "홍길둥", "20231234", "--roster", str(room.roster))
    room.inbox = room.inbox.rename(room.inbox.with_name("inbox (1)"))
    assert room.grade()["scores"] == {"kim": 100}
    assert set(room.csv()) == {"kim"}


def test_an_answer_wins_over_what_the_roster_would_guess(room: Class) -> None:
    room.hand_in("이서연")
    room.run("who", "이서연", "kim", "--roster", str(room.roster))
    assert room.grade()["scores"] == {"kim": 100}


def test_an_answer_counts_without_a_roster_too(room: Class) -> None:
    room.hand_in("홍길둥")
    room.grade(known=False)
    room.run("who", "홍길둥", "kim")
    assert room.grade(known=False)["scores"] == {"kim": 100}
    assert set(room.csv()) == {"kim"}


def test_two_works_that_become_one_student_s_by_an_answer_are_for_a_person(room: Class) -> None:
    room.hand_in("kim")
    room.hand_in("홍길둥")
    room.run("who", "홍길둥", "kim")
    (waits,) = room.grade(known=False)["needs_staff"]
    assert waits == {"student": "kim", "reasons": ["student-collision"]}


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_answers_may_be_edited_in_a_spreadsheet(room: Class, encoding: str) -> None:
    room.hand_in("홍길둥")
    room.hand_in("김 하 눌")
    room.grade()
    room.run("who", "--fill", "--roster", str(room.roster))
    path = room.out / "who-is-this.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert "홍길둥," in text
    edited = "".join(f"{line}20231235\n" if line.startswith("홍") else f"{line}\n" for line in text.splitlines())
    path.write_bytes(edited.replace(",", "\t").encode(encoding))
    found = room.grade()
    assert found["scores"]["lee"] == 100
    assert len(found["needs_staff"]) == 1, "a row without an account says nothing"
    assert len(room.csv()) == 2


def test_an_answer_that_names_nobody_in_the_class_is_refused(room: Class) -> None:
    words = ["who", "홍길둥", "nobody", "--roster", str(room.roster), "--out", str(room.out)]
    done = CliRunner().invoke(main, [*words, "--root", str(room.course.root)])
    assert done.exit_code == 5
    assert not (room.out / "who-is-this.csv").exists()
    room.out.mkdir(exist_ok=True)
    (room.out / "who-is-this.csv").write_text("찾은 이름,계정\n홍길둥,nobody\n", encoding="utf-8")
    room.hand_in("홍길둥")
    assert room.grade()["needs_staff"], "nor does one written by hand make a student"


def test_a_roster_that_learns_a_name_makes_the_waiting_work_that_student_s(room: Class) -> None:
    room.hand_in("홍길동")
    room.grade()
    room.roster.write_text(ROSTER + "hong,20231237,홍길동,\n", encoding="utf-8")
    assert room.grade()["scores"] == {"hong": 100}
    assert set(room.csv()) == {"hong"}
    room.roster.write_text(ROSTER + "홍길동,20231237,,\n", encoding="utf-8")
    assert room.grade()["scores"] == {"홍길동": 100}, "also where the account is the very name"


def test_a_roster_that_forgets_a_name_makes_its_graded_work_wait(room: Class) -> None:
    room.hand_in("hong")
    room.grade(known=False)
    assert room.grade()["needs_staff"] == [{"student": "hong", "reasons": ["student-unknown"]}]


def test_the_student_whom_staff_name_must_be_in_the_class(room: Class) -> None:
    path = room.hand_in("final_version")
    words = ["grade", ID, str(path), "--roster", str(room.roster), "--student"]
    assert room.run(*words, "20231234")["scores"] == {"kim": 100}
    done = CliRunner().invoke(main, [*words, "nobody", "--out", str(room.out), "--root", str(room.course.root)])
    assert done.exit_code == 5


def test_a_broken_file_of_answers_stops_the_run_by_name(room: Class) -> None:
    from autograder.grading.answers import read_answers

    room.out.mkdir(exist_ok=True)
    (room.out / "who-is-this.csv").write_text("찾은 이름,계정\n가,kim\n가,lee\n", encoding="utf-8")
    with pytest.raises(GraderError) as caught:
        read_answers(room.out)
    assert caught.value.code == "answers-invalid"
    assert "3번째 줄" in caught.value.message


def test_the_same_work_at_another_time_brings_its_time_to_every_view(room: Class) -> None:
    """A cached run: nothing is graded, and everything that says when tells the new time."""
    submitted = room.course.root / "submitted"
    room.course.hand_in("kim")
    room.run("grade", ID, str(submitted))
    room.course.hand_in("kim", at="2026-09-22 14:10:04.000000 UTC")
    assert room.run("grade", ID, str(submitted))["cached"] == 1
    record = json.loads((room.out / "records" / f"kim--{ID}.json").read_text(encoding="utf-8"))
    assert record["received_at"] == "2026-09-22T14:10:04+00:00"
    assert room.csv()["kim"]["received_at"] == "2026-09-22 23:10:04 KST"
    assert "9월 22일" in (room.out / "feedback" / f"kim--{ID}.html").read_text(encoding="utf-8")


def test_older_work_graded_again_leaves_the_files_of_newer_work_alone(room: Class) -> None:
    old, new = room.inbox / "old", room.inbox / "new"
    for folder, at in ((old, "2026-09-21 10:00:00 UTC"), (new, "2026-09-23 10:00:00 UTC")):
        shutil.copytree(room.course.hand_in("kim", {"reflection": folder.name}, at=at), folder / "kim" / ID)
        room.run("grade", ID, str(folder))
    before = (room.out / "records" / f"kim--{ID}.json").read_bytes()
    (old / "kim" / ID / "timestamp.txt").write_text("2026-09-21 11:00:00 UTC", encoding="utf-8")
    assert room.run("grade", ID, str(old))["cached"] == 1
    assert (room.out / "records" / f"kim--{ID}.json").read_bytes() == before


def test_names_that_look_alike_are_noted_for_staff_alone(room: Class) -> None:
    room.hand_in("kim")
    room.hand_in("kіm")  # Cyrillic
    (notice,) = room.grade()["notices"]
    assert (notice["code"], notice["students"]) == ("name-looks-alike", ["kim", "kіm"])
    assert "name-looks-alike" in (room.out / "report.html").read_text(encoding="utf-8")
    assert "name-looks-alike" not in (room.out / "records" / f"kim--{ID}.json").read_text(encoding="utf-8")
    assert "구별하기 어려운" not in (room.out / "feedback" / f"kim--{ID}.html").read_text(encoding="utf-8")
    done = CliRunner().invoke(main, ["show", str(room.out / "records" / f"kim--{ID}.json")])
    assert "name-looks-alike" in done.stdout
    (asked,) = room.run("who", "--roster", str(room.roster))
    assert asked["like"] == ["kim"]


def test_equal_contents_of_two_students_are_noted_for_staff_alone(room: Class) -> None:
    room.hand_in("kim", "shared")
    room.hand_in("lee", "shared")
    room.hand_in("park")
    (notice,) = room.grade()["notices"]
    assert (notice["code"], notice["students"]) == ("content-equal", ["kim", "lee"])
    assert "내용이 똑같은" in (room.out / "report.html").read_text(encoding="utf-8")
    assert "내용이 똑같은" not in (room.out / "feedback" / f"kim--{ID}.html").read_text(encoding="utf-8")
    found = json.loads(
        CliRunner().invoke(main, ["show", str(room.out / "records" / f"lee--{ID}.json"), "--json"]).stdout
    )
    assert [n["code"] for n in found["notices"]] == ["content-equal"]


def test_an_untouched_template_handed_in_by_many_is_no_notice(room: Class) -> None:
    from autograder.intake.release import CODE_STUB, TEXT_STUB

    blank = {"q1": CODE_STUB, "q2": CODE_STUB, "reflection": TEXT_STUB}
    for name in ("kim", "lee", "누구", "아무개"):
        shutil.copy(room.course.hand_in("made", blank) / f"{ID}.ipynb", room.inbox / f"{name}.ipynb")
    released = room.course.root / "assignments" / ID / f"{ID}.ipynb"
    released.parent.mkdir(parents=True)
    shutil.copy(room.inbox / "kim.ipynb", released)
    assert room.grade()["notices"] == []
    shutil.rmtree(room.course.root / "assignments")
    (notice,) = room.grade()["notices"]
    assert notice["students"] == ["누구", "아무개"], "without the released notebook only what was assembled tells"


def test_one_name_written_in_two_ways_in_two_weeks_is_noted() -> None:
    from autograder.grading.notices import class_notices
    from tests.report import records as sample

    found = class_notices([sample.record("kim")], sample.assignment(), names=["kim", "kіm"])
    assert [notice.students for notice in found] == [("kim", "kіm")]
    assert class_notices([sample.record("lee")], sample.assignment(), names=["kim", "kіm"]) == []


class _StandInSlots:
    count = 1
    grade = staticmethod(passes)

    def close(self) -> None:
        pass


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluginCourse:
    """A course with nbgrader's configuration and kim's and a stranger's work in ``submitted/``."""
    made = PluginCourse(tmp_path / "plugged")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.suites))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("autograder.integrations.nbgrader_plugin.warm_slots", lambda _count: _StandInSlots())
    made.hand_in("kim")
    made.hand_in("홍길둥", {"q1": "def double(x):\n    return x + x"})
    return made


def ids(course: PluginCourse) -> dict[str, str | None]:
    with course.gradebook() as gradebook:
        return {student.id: student.lms_user_id for student in gradebook.students}


def enter(course: PluginCourse, student: str) -> None:
    create_tables(f"sqlite:///{course.db}")
    with course.gradebook() as gradebook:
        fields = dict.fromkeys(("first_name", "last_name", "email", "lms_user_id"))
        gradebook.update_or_create_student(student, **fields)


def test_the_plug_in_creates_nobody_in_a_course_with_a_roster(plugged: PluginCourse) -> None:
    enter(plugged, "kim")
    result = plugged.autograde()
    assert not result["success"]
    assert "홍길둥" in result["error"]
    assert ids(plugged) == {"kim": None}
    assert plugged.grades("kim")["q1-check"] == (60.0, None, False)
    assert plugged.record("홍길둥").reasons == ("student-unknown",)
    assert not (plugged.root / "autograded" / "홍길둥").exists()


def test_the_plug_in_uses_what_staff_answered(plugged: PluginCourse) -> None:
    enter(plugged, "kim")
    enter(plugged, "hong")
    (plugged.root / "graded").mkdir()
    (plugged.root / "graded" / "who-is-this.csv").write_text("찾은 이름,계정\n홍길둥,hong\n", encoding="utf-8")
    result = plugged.autograde()
    assert result["success"], result
    assert set(ids(plugged)) == {"kim", "hong"}
    assert plugged.grades("hong")["q1-check"] == (60.0, None, False)


def test_the_plug_in_creates_students_in_a_course_without_a_roster_and_marks_them(plugged: PluginCourse) -> None:
    result = plugged.autograde()
    assert result["success"], result
    assert ids(plugged) == {"kim": "autograder:found", "홍길둥": "autograder:found"}
    plugged.hand_in("lee")
    assert plugged.autograde()["success"], "whom it created itself is no roster"
