"""The one roster of a course, by its command: what it writes, what it tells, and who the class is after it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.intake.roster import Member
from autograder.integrations.course_roster import ROSTER_FILE, class_roster, course_roster, sections
from autograder.integrations.csv_export import gradebook_csv
from autograder.integrations.gradebook_roster import FOUND
from autograder.roll_call import class_of
from tests.integrations.course_folder import gradebook_without_submissions

CLASS = """계정,학번,이름,메일,분반
kim,0071,김하늘,haneul@example.ac.kr,01
lee,20231235,이서연,,1
nam,20231236,남궁민수,,2
"""


class Course:
    """A course folder without nbgrader's configuration (which takes seconds to read), and the command."""

    def __init__(self, folder: Path) -> None:
        self.root, self.out, self.file = folder / "course", folder / "out", folder / "수강생.csv"
        (self.root / "solutions").mkdir(parents=True)
        self.out.mkdir()
        (self.out / "gradebook.db").write_bytes(gradebook_without_submissions())
        self.url = f"sqlite:///{self.out / 'gradebook.db'}"

    def run(self, text: str, *words: str, encoding: str = "utf-8") -> str:
        self.file.write_bytes(text.encode(encoding))
        where = ["--root", str(self.root), "--out", str(self.out)]
        done = CliRunner().invoke(main, ["course", "roster", str(self.file), *where, *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    def told(self, text: str, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(text, "--json", *words))
        return found

    def students(self) -> dict[str, tuple[str | None, ...]]:
        """Return first and last name, mail and LMS id in the gradebook, by account."""
        with closing(sqlite3.connect(self.out / "gradebook.db")) as database:
            rows = database.execute("SELECT id, first_name, last_name, email, lms_user_id FROM student").fetchall()
        return {account: tuple(rest) for account, *rest in rows}

    def sql(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.out / "gradebook.db")) as database, database:
            database.execute(statement, values)

    def accounts(self) -> list[str]:
        return [member.account for member in class_roster(self.root, self.url) or ()]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_a_roster_fills_the_gradebook_and_is_kept(course: Course, encoding: str) -> None:
    told = course.run(CLASS, encoding=encoding)
    assert "추가 3명" in told
    assert course.students() == {
        "kim": ("하늘", "김", "haneul@example.ac.kr", "0071"),
        "lee": ("서연", "이", None, "20231235"),
        "nam": ("민수", "남궁", None, "20231236"),
    }
    kept = course_roster(course.root)
    assert kept is not None
    assert kept.members[0] == Member("kim", "0071", "김하늘", "haneul@example.ac.kr", "01")
    assert stat.S_IMODE((course.root / ROSTER_FILE).stat().st_mode) == 0o600
    assert sections(course.root) == {"kim": "01", "lee": "1", "nam": "2"}


def test_doing_it_again_changes_nothing_and_says_so(course: Course) -> None:
    course.run(CLASS)
    before = course.students(), (course.root / ROSTER_FILE).stat().st_mtime_ns
    assert "달라진 것이 없습니다" in course.run(CLASS)
    kept = (course.root / ROSTER_FILE).read_text(encoding="utf-8")
    assert "달라진 것이 없습니다" in course.run(kept), "the kept file is a roster too"
    assert before == (course.students(), (course.root / ROSTER_FILE).stat().st_mtime_ns)


def test_a_dry_run_tells_all_and_writes_nothing(course: Course) -> None:
    assert "추가 3명" in course.run(CLASS, "--dry-run")
    assert course.students() == {}
    assert not (course.root / ROSTER_FILE).exists()


def test_what_differs_is_told_old_and_new_and_what_the_file_does_not_say_stays(course: Course) -> None:
    course.run(CLASS)
    told = course.told("계정,이름,메일\nkim,김하늘,new@example.ac.kr\nlee,이서윤,\nnam,,\n")
    changed = {(c["account"], c["field"]): (c["old"], c["new"]) for c in told["changed"]}
    assert changed == {
        ("kim", "email"): ("haneul@example.ac.kr", "new@example.ac.kr"),
        ("lee", "name"): ("이서연", "이서윤"),
    }
    assert course.students()["kim"] == ("하늘", "김", "new@example.ac.kr", "0071")
    assert sections(course.root)["nam"] == "2"


def test_a_gradebook_that_people_used_is_brought_into_line(course: Course) -> None:
    """A row made by our own writer, one from formgrader with another system's id, and somebody who is on no list."""
    insert = "INSERT INTO student (id, first_name, last_name, lms_user_id) VALUES (?, ?, ?, ?)"
    course.sql(insert, "kim", None, None, FOUND)
    course.sql(insert, "lee", "서연", "이", "f3c2-lti")
    course.sql(insert, "guest", "손님", None, None)
    course.sql(insert, "typo", None, None, FOUND)
    told = course.told(CLASS)
    assert told["only_in_gradebook"] == ["guest"]
    assert course.students()["kim"][3] == "0071"
    assert course.students()["lee"][3] == "f3c2-lti", "not ours to replace"
    assert course.accounts() == ["kim", "lee", "nam", "guest"]


def test_who_left_is_told_and_known_until_removed(course: Course) -> None:
    course.run(CLASS)
    smaller = CLASS.replace("lee,20231235,이서연,,1\n", "")
    assert "lee 이서연" in course.run(smaller)
    assert "lee" in course.accounts()
    assert [m["account"] for m in course.told(smaller)["left"]] == ["lee"], "told every time"

    told = course.told(smaller, "--remove")
    assert [m["account"] for m in told["removed"]] == ["lee"]
    assert "lee" not in course.accounts()
    assert "lee" in course.students(), "their grades are there"
    assert course.told(smaller)["same"]

    course.run(CLASS)
    assert "lee" in course.accounts()


def test_a_changed_account_is_seen_by_the_student_number(course: Course) -> None:
    course.run(CLASS)
    told = course.told(CLASS.replace("lee,", "lee2,"))
    assert told["moved"] == [{"old": "lee", "new": "lee2"}]
    known = class_roster(course.root, course.url)
    assert known is not None
    assert known("20231235") == known("이서연") == "lee2"
    assert known("lee") == "lee"


def test_equal_names_and_capitals_are_told(course: Course) -> None:
    told = course.run("계정,이름\nkim,이서연\nLee,이서연\n")
    assert "kim = Lee" in told
    assert "대문자" in told


def test_a_file_that_will_not_do_touches_nothing(course: Course) -> None:
    course.run(CLASS)
    course.file.write_text("계정,학번\nkim,1\nkim,2\n", encoding="utf-8")
    words = ["course", "roster", str(course.file), "--root", str(course.root), "--out", str(course.out)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 5
    assert "3번째 줄" in done.stderr
    assert len(course.students()) == 3


def test_commands_use_the_roster_unless_another_is_named(course: Course, tmp_path: Path) -> None:
    course.run(CLASS)
    other = tmp_path / "other.csv"
    other.write_text("계정\npark\n", encoding="utf-8")
    assert class_of(course.out, None, course.root).account("0071") == "kim"
    assert class_of(course.out, other, course.root).account("0071") is None


def test_the_final_csv_has_everybody_and_says_who_is_on_no_list(course: Course) -> None:
    course.sql("INSERT INTO student (id, first_name) VALUES (?, ?)", "guest", "손님")
    course.run(CLASS)
    course.sql("DELETE FROM student WHERE id = 'nam'")

    def rows(**options: Any) -> list[dict[str, str]]:
        text = gradebook_csv(course.url, roster=course_roster(course.root), **options)
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    found = rows()
    assert [(r["계정"], r["학번"], r["이름"], r["메일"], r["분반"], r["상태"], r["비고"]) for r in found] == [
        ("kim", "0071", "김하늘", "haneul@example.ac.kr", "01", "미제출", ""),
        ("lee", "20231235", "이서연", "", "1", "미제출", ""),
        ("nam", "20231236", "남궁민수", "", "2", "미제출", ""),
        ("guest", "", "손님", "", "", "미제출", "명단에 없음"),
    ]
    wide = rows(wide=True, bom=True)
    assert [(r["계정"], r["학번"], r["분반"], r["비고"]) for r in wide] == [
        ("kim", '="0071"', '="01"', ""),
        ("lee", "20231235", "1", ""),
        ("nam", "20231236", "2", ""),
        ("guest", "", "", "명단에 없음"),
    ]
    assert rows(released=()) == [], "nobody was given the assignment, nobody handed it in"
