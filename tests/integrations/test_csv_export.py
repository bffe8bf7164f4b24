"""Final scores as an LMS gets them, from a real gradebook that a person has worked on."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import GraderError
from autograder.integrations.csv_export import final_scores, gradebook_csv
from tests.integrations.course_folder import ID, Course, record
from tests.report import records as sample

pytestmark = pytest.mark.xdist_group("gradebook")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class: finished and late, one that waits, one that could not be read, one who handed in nothing."""
    from nbgrader.api import Gradebook

    course = Course(tmp_path_factory.mktemp("course"), begun=True)
    course.sync(record(), record("이서연", sample.partial().tests), sample.fatal(), record("=cmd|'/c calc'!A0"))
    course.grade_by_hand("reflection", 7.25)
    with Gradebook(course.db_url, "whydl") as gradebook:
        kim = gradebook.find_submission_notebook(ID, ID, "kim")
        kim.late_submission_penalty = 10.5
        gradebook.find_grade("q1-check", ID, ID, "kim").extra_credit = 2
        gradebook.find_grade("q2-check", ID, ID, "kim").manual_score = 3
        gradebook.update_or_create_student("정유진", last_name="정", first_name="유진", email="yujin@example.com")
        gradebook.update_or_create_student("late", first_name="@지각")
        gradebook.db.commit()
    course.sync(record("late"))
    with Gradebook(course.db_url, "whydl") as gradebook:
        gradebook.find_grade("reflection", ID, ID, "late").needs_manual_grade = False
        gradebook.find_grade("reflection", ID, ID, "late").manual_score = 0
        gradebook.find_submission_notebook(ID, ID, "late").late_submission_penalty = 1000
        gradebook.db.commit()
    return course


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["계정"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_manual_scores_extra_credit_and_the_late_penalty_are_in_the_final_score(course: Course) -> None:
    kim = rows(gradebook_csv(course.db_url))["kim"]
    assert kim["상태"] == "채점 완료"
    assert (kim["자동 점수"], kim["수동 점수"], kim["추가 점수"]) == ("88", "10.25", "2")
    assert (kim["원점수"], kim["늦은 제출 감점"], kim["최종 점수"], kim["만점"]) == ("100.25", "10.5", "89.75", "110")
    assert kim["제출 시각"] == "2026-09-21 23:10:04 KST"


def test_final_scores_are_those_of_nbgraders_own_export(course: Course) -> None:
    from nbgrader.api import Gradebook
    from nbgrader.plugins import CsvExportPlugin

    exporter = CsvExportPlugin()  # what `nbgrader export` runs
    exporter.to = str(course.root / "theirs.csv")
    with Gradebook(course.db_url, "whydl") as gradebook:
        exporter.export(gradebook)
    with (course.root / "theirs.csv").open(encoding="utf-8") as file:
        theirs = {row["student_id"]: row for row in csv.DictReader(file)}
    ours = {score.student.id: score for score in final_scores(course.db_url)}
    assert set(ours) == set(theirs)
    finished = {name: score for name, score in ours.items() if score.final is not None}
    assert set(finished) == {"kim", "late"}
    for name, score in finished.items():
        assert score.raw == pytest.approx(float(theirs[name]["raw_score"]))
        assert score.final == pytest.approx(float(theirs[name]["score"]))
        assert score.possible == float(theirs[name]["max_score"])


def test_a_penalty_takes_no_more_than_there_is(course: Course) -> None:
    assert rows(gradebook_csv(course.db_url))["late"]["최종 점수"] == "0"


def test_a_score_that_waits_for_a_person_is_flagged_and_has_no_number(course: Course) -> None:
    found = rows(gradebook_csv(course.db_url))
    assert (found["이서연"]["상태"], found["이서연"]["자동 점수"]) == ("조교 확인 필요", "83")
    assert (found["이서연"]["원점수"], found["이서연"]["최종 점수"]) == ("", "")
    assert {found["2026-10008"][name] for name in ("자동 점수", "원점수", "최종 점수")} == {""}
    assert found["2026-10008"]["상태"] == "조교 확인 필요"


def test_a_student_who_handed_in_nothing_is_listed_without_a_number(course: Course) -> None:
    row = rows(gradebook_csv(course.db_url))["정유진"]
    assert row["상태"] == "미제출"
    assert {row[name] for name in ("자동 점수", "수동 점수", "추가 점수", "원점수", "최종 점수")} == {""}
    assert row["메일"] == "yujin@example.com"


def test_nothing_that_a_student_could_choose_is_a_formula(course: Course) -> None:
    for text in (gradebook_csv(course.db_url), gradebook_csv(course.db_url, wide=True)):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "|", "%"))]
        assert "'@지각" in cells


def test_wide_has_a_line_for_each_student_and_a_total_only_where_it_is_whole(course: Course) -> None:
    text = gradebook_csv(course.db_url, wide=True)
    assert text.splitlines()[0] == f"계정,학번,이름,메일,{ID},합계,조교 확인 필요,미제출,비고"
    found = rows(text)
    assert (found["kim"][ID], found["kim"]["합계"], found["kim"]["조교 확인 필요"]) == ("89.75", "89.75", "")
    assert (found["이서연"][ID], found["이서연"]["합계"], found["이서연"]["조교 확인 필요"]) == ("", "", ID)
    assert (found["정유진"][ID], found["정유진"]["미제출"]) == ("", ID)


def test_lines_end_as_rfc_4180_says_and_a_bom_is_there_on_request_only(course: Course, tmp_path: Path) -> None:
    text = gradebook_csv(course.db_url)
    assert text.count("\r\n") == text.count("\n") == len(text.splitlines())
    for options, start in (([], "계정"), (["--bom"], "\ufeff계정")):
        path = tmp_path / f"grades{len(options)}.csv"
        done = CliRunner().invoke(main, ["export", "csv", "--db", course.db_url, "--output", str(path), *options])
        assert done.exit_code == 0, done.output
        assert path.read_bytes().decode("utf-8").startswith(start)
        printed = CliRunner().invoke(main, ["export", "csv", "--db", course.db_url, *options])
        assert printed.stdout_bytes == path.read_bytes()


def test_the_gradebook_is_not_touched(course: Course) -> None:
    path = course.root / "gradebook.db"
    before = path.read_bytes()
    path.chmod(0o400)
    try:
        gradebook_csv(course.db_url)
    finally:
        path.chmod(0o644)
    assert path.read_bytes() == before
    assert {p.name for p in course.root.glob("gradebook.db*")} == {"gradebook.db"}


def test_a_gradebook_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(GraderError) as caught:
        gradebook_csv(f"sqlite:///{tmp_path / 'gradebook.db'}")
    assert caught.value.code == "gradebook-missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_no_gradebook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gradebook.db").write_bytes(content)
    done = CliRunner().invoke(main, ["export", "csv", "--out", str(tmp_path)])
    assert done.exit_code == 5
    assert "[gradebook-unavailable]" in done.stderr
    assert done.stdout == ""


def test_an_assignment_the_gradebook_does_not_hold_is_named(course: Course) -> None:
    with pytest.raises(GraderError) as caught:
        gradebook_csv(course.db_url, [ID, "99-none"])
    assert caught.value.code == "assignment-not-in-gradebook"
    assert "99-none" in caught.value.message
