"""The gradebook as nbgrader's own commands see it afterwards, in a temporary course with real nbgrader processes."""

from __future__ import annotations

import copy
import csv
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import GraderError
from autograder.intake.release import TEXT_STUB
from autograder.model import Outcome
from tests.integrations.course_folder import ID, Course, cell, master, record, submitted
from tests.report import records as sample

pytestmark = pytest.mark.xdist_group("gradebook")
"""Together, because what nbgrader's own commands make takes seconds."""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path, begun=True)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course after `generate_assignment`, `sync`, `generate_feedback` and `export`, by nbgrader's own commands."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.nbgrader("generate_assignment", ID)
    given = course.root / "submitted" / "kim" / ID
    given.mkdir(parents=True)
    (given / f"{ID}.ipynb").write_text(json.dumps(submitted()), encoding="utf-8")
    (given / "timestamp.txt").write_text("2026-09-21 14:10:04.000000 UTC", encoding="utf-8")
    (given / "submission_secret.txt").write_text("ab" * 64, encoding="utf-8")
    course.sync(
        record(),
        record("이서연", sample.partial().tests),
        sample.fatal(),
        record("hostile", executed=submitted(payload=sample.HOSTILE)),
    )
    course.nbgrader("generate_feedback", ID)
    course.nbgrader("export", "--to", "grades.csv")
    return course


def test_nbgrader_export_reads_the_scores_that_were_synced(finished: Course) -> None:
    with (finished.root / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["kim"]["score"]) == 100
    assert float(rows["kim"]["max_score"]) == 110
    assert rows["kim"]["timestamp"] == "2026-09-21 14:10:04"
    assert float(rows["이서연"]["score"]) == 83


def test_nbgrader_generate_feedback_shows_scores_and_our_comments(finished: Course) -> None:
    page = (finished.root / "feedback" / "이서연" / ID / f"{ID}.html").read_text(encoding="utf-8")
    assert "Score: 83.0 / 110.0" in page
    assert "테스트 3개 가운데 1개를 통과했습니다." in page
    assert "N으로 나누어 평균을 냅니다." in page


def test_feedback_folder_holds_both_files_that_release_feedback_needs(finished: Course) -> None:
    folder = finished.root / "feedback" / "kim" / ID
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == "2026-09-21 14:10:04.000000 UTC"
    assert (folder / "submission_secret.txt").read_text(encoding="utf-8") == "ab" * 64


def test_formgrader_counts_a_synced_submission_as_autograded(finished: Course) -> None:
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.update({"root": str(finished.root), "course_id": "whydl", "db_url": finished.db_url})
    found = {s["student"]: s for s in NbGraderAPI(config=config).get_submissions(ID)}
    assert found["kim"]["autograded"]
    assert found["kim"]["score"] == 100
    assert found["kim"]["needs_manual_grade"]


def test_the_cells_equal_those_that_nbgrader_generate_assignment_made(finished: Course, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook
    from sqlalchemy import text

    ours = Course(tmp_path)
    ours.sync(record())
    described = []
    for course in (finished, ours):
        with Gradebook(course.db_url, "whydl") as gradebook:
            notebook = gradebook.find_notebook(ID, ID)
            described.append(
                (
                    str(gradebook.db.execute(text("SELECT version_num FROM alembic_version")).all()),
                    sorted((c.name, c.max_score, c.cell_type) for c in notebook.grade_cells),
                    sorted(c.name for c in notebook.solution_cells),
                    sorted((c.name, c.locked, c.source, c.checksum) for c in notebook.source_cells),
                )
            )
    assert described[0] == described[1]


@pytest.mark.browser
def test_nothing_a_student_wrote_runs_in_nbgraders_feedback_page(finished: Course, run_page: Any) -> None:
    seen = run_page(
        (finished.root / "feedback" / "hostile" / ID / f"{ID}.html").read_text(encoding="utf-8"), click=True
    )
    assert seen.pwned is None
    assert seen.dialogs == []


def test_a_second_sync_changes_nothing(course: Course) -> None:
    everybody = [record(), record("lee", sample.partial().tests), sample.fatal(), sample.error()]
    first = course.sync(*everybody)
    before = course.state()
    second = course.sync(*everybody)
    assert len(first.written) == 4
    assert second.written == ()
    assert len(second.unchanged) == 4
    assert course.state() == before


def test_a_question_without_a_score_waits_for_a_person_and_gets_no_zero(course: Course) -> None:
    course.sync(record(), dataclasses.replace(sample.error(), student="lee", executed=submitted()))
    grades = course.grades("lee")
    assert grades["q5-check"] == (None, None, True)
    assert course.grades("kim")["q5-check"] == (14.0, None, False)
    assert course.comments("lee")["q5"][0] == "조교가 확인하고 있습니다."


def test_a_regrade_that_fails_takes_the_old_score_back(course: Course) -> None:
    course.sync(record())
    course.sync(record(found=sample.error().tests, received_at="2026-09-25T10:00:00+09:00"))
    assert course.grades()["q5-check"] == (None, None, True)


def test_every_cell_of_a_record_that_needs_staff_waits_for_a_person(course: Course) -> None:
    course.sync(record(state=sample.RecordState.NEEDS_STAFF, reasons=("forged-frame",)))
    assert course.grades()["q1-check"] == (12.0, None, True)
    assert all(waits for _, _, waits in course.grades().values())


def test_a_submission_that_cannot_be_run_has_a_row_a_note_and_no_score(course: Course) -> None:
    course.sync(sample.fatal())
    assert set(course.grades("2026-10008").values()) == {(None, None, True)}
    note = course.notebook("2026-10008")["cells"][0]["source"]
    assert "자동 채점하지 못한 제출물입니다" in note
    assert "끝까지 저장되지 않았습니다" in note
    assert sample.SECRET_DETAIL not in json.dumps(course.notebook("2026-10008"), ensure_ascii=False)


def test_a_written_answer_waits_for_a_person(course: Course) -> None:
    course.sync(record())
    assert course.grades()["reflection"] == (None, None, True)


@pytest.mark.parametrize("answer", ["", "  \n", TEXT_STUB])
def test_an_answer_left_as_it_was_released_is_zero_as_in_nbgrader(course: Course, answer: str) -> None:
    course.sync(record(executed=submitted(answer)))
    assert course.grades()["reflection"] == (0.0, None, False)
    assert course.comments()["reflection"][0] == "답이 적혀 있지 않습니다."


def test_manual_scores_and_comments_outlive_every_sync(course: Course) -> None:
    course.sync(record())
    course.grade_by_hand("reflection", 8.5)
    course.grade_by_hand("q3-check", 20.0, comment="손으로 확인함")
    course.sync(record())
    assert course.grades()["reflection"] == (None, 8.5, False)
    later = record(found=sample.partial().tests, received_at="2026-09-25T10:00:00+09:00", digest="e" * 64)
    course.sync(later)
    assert course.grades()["reflection"] == (None, 8.5, True), "a new submission asks for another look"
    assert course.grades()["q3-check"] == (8.0, 20.0, True)
    assert course.comments()["q3"][1] == "손으로 확인함"


def test_the_identical_work_at_another_time_leaves_what_people_decided(course: Course) -> None:
    course.sync(record())
    course.grade_by_hand("reflection", 8.5)
    course.grade_by_hand("q3-check", 15.0)
    course.sync(record(received_at="2026-09-25T10:00:00+09:00"))
    assert course.received() == "2026-09-25 01:00:00"
    assert course.grades()["reflection"] == (None, 8.5, False)
    assert course.grades()["q3-check"] == (20.0, 15.0, False)


def test_other_work_without_a_time_asks_for_another_look(course: Course) -> None:
    course.sync(record(received_at=""))
    course.grade_by_hand("reflection", 8.5)
    course.sync(record(received_at="", digest="e" * 64, executed=submitted("다른 생각입니다.")))
    assert course.grades()["reflection"] == (None, 8.5, True)


def test_a_run_killed_between_folder_and_row_asks_for_another_look(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.sync(record())
    course.grade_by_hand("reflection", 8.5)
    later = record(received_at="2026-09-25T10:00:00+09:00", digest="e" * 64)
    with monkeypatch.context() as patch:
        patch.setattr("autograder.integrations.gradebook.write_rows", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            course.sync(later)
    course.sync(later)
    assert course.grades()["reflection"] == (None, 8.5, True)


def _interrupted(*_: Any) -> bool:
    raise KeyboardInterrupt


@pytest.mark.parametrize("environment", [{"unsafe": True}, {}, {"unsafe": None}, {"unsafe": "false"}])
def test_a_record_that_does_not_say_it_was_confined_is_refused_and_the_others_are_written(
    course: Course, environment: dict[str, Any]
) -> None:
    result = course.sync(record(environment=environment), record("lee"))
    assert [(r.student, r.code) for r in result.refused] == [("kim", "unsafe-record")]
    assert result.written == ("lee",)
    assert not course.autograded("kim").exists()
    with pytest.raises(ValueError, match="No such submitted notebook"):
        course.grades("kim")


@pytest.mark.parametrize(
    "student", ["../kim", "a/b", "", ".", "..", ".hidden", "a\\b", "*", "[ab]", "a\nb", "k" * 200, sample.HOSTILE]
)
def test_a_student_id_that_is_no_folder_name_is_refused(course: Course, student: str) -> None:
    result = course.sync(record(student), record("lee"))
    assert [r.code for r in result.refused] == ["student-name"]
    assert result.written == ("lee",)
    assert sorted(p.name for p in (course.root / "autograded").iterdir()) == ["lee"]


def test_a_record_of_another_assignment_is_refused(course: Course) -> None:
    assert [r.code for r in course.sync(record(assignment="02-weight-init")).refused] == ["wrong-assignment"]


def test_the_submission_received_last_is_the_one_that_counts(course: Course) -> None:
    late = record(received_at="2026-09-21T14:20:00+00:00")
    early = record(found=sample.partial().tests, received_at="2026-09-21T23:19:00+09:00")
    course.sync(late, early)
    assert course.grades()["q3-check"] == (20.0, None, False)


def test_a_resubmission_brings_its_own_time_to_the_row_and_the_folder(course: Course) -> None:
    course.sync(record())
    result = course.sync(record(received_at="2026-09-25T10:00:00+09:00"))
    assert result.written == ("kim",)
    assert course.received() == "2026-09-25 01:00:00"
    stamp = (course.autograded() / "timestamp.txt").read_text(encoding="utf-8")
    assert stamp == "2026-09-25 01:00:00.000000 UTC"


def test_the_autograded_notebook_is_valid_and_its_checksums_hold(course: Course) -> None:
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum, is_locked

    broken = submitted(payload=sample.HOSTILE)
    del broken["cells"][-4:]
    broken["cells"] += [copy.deepcopy(broken["cells"][2]), cell("code", "x", "unknown-id", solution=True)]
    course.sync(record(executed=broken))
    notebook = nbformat.read(course.autograded() / f"{ID}.ipynb", as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    own = [c for c in notebook.cells if "nbgrader" in c.metadata]
    assert sorted(c.metadata.nbgrader.grade_id for c in own) == sorted(
        c["metadata"]["nbgrader"]["grade_id"] for c in master()["cells"]
    )
    locked = [c for c in own if is_locked(c)]
    assert len(locked) == 15
    assert all(c.metadata.nbgrader.checksum == compute_checksum(c) for c in locked)


def test_no_solution_of_the_master_reaches_a_file_or_a_row(course: Course) -> None:
    course.sync(record(), sample.fatal())
    assert "the secret answer" not in str(course.state())


def test_comments_hold_no_test_names_and_no_details(course: Course) -> None:
    course.sync(dataclasses.replace(sample.partial(), executed=submitted()))
    text = str(course.comments("2026-10002"))
    assert "N으로 나누었는지" in text.replace("`", "")
    assert "test_" not in text
    assert sample.SECRET_DETAIL not in text


def test_the_secret_of_a_submission_is_reproducible_with_the_course_secret(course: Course, tmp_path: Path) -> None:
    course.sync(record(), secret=b"course")
    first = (course.autograded() / "submission_secret.txt").read_text(encoding="utf-8")
    (course.autograded() / "submission_secret.txt").unlink()
    course.sync(record(), secret=b"course")
    assert (course.autograded() / "submission_secret.txt").read_text(encoding="utf-8") == first
    assert len(first) == 128 and int(first, 16)
    course.sync(record("lee"), secret=b"course")
    assert (course.autograded("lee") / "submission_secret.txt").read_text(encoding="utf-8") != first


def test_a_submission_without_a_time_has_an_empty_timestamp_file(course: Course) -> None:
    course.sync(record(received_at=""))
    assert (course.autograded() / "timestamp.txt").read_text(encoding="utf-8") == ""
    assert course.sync(record(received_at="")).unchanged == ("kim",)


def test_texts_come_and_go_when_there_are_submissions(course: Course) -> None:
    """nbgrader itself refuses any other cell then, and the grading of the class would stop."""
    course.sync(record())
    course.master["cells"] = [c for c in course.master["cells"] if c["metadata"]["nbgrader"]["grade_id"] != "q2-text"]
    course.master["cells"].insert(1, cell("markdown", "새 글", "new-text", locked=True))

    assert course.sync(record(), record("lee")).written == ("kim", "lee")
    assert course.grades("kim") == course.grades("lee")
    assert course.sync(record(), record("lee")).unchanged == ("kim", "lee")


def test_another_answer_cell_is_refused_by_name_once_there_are_submissions(course: Course) -> None:
    course.sync(record())
    course.master["cells"].insert(1, cell("code", "", "q9", solution=True))
    with pytest.raises(GraderError) as caught:
        course.sync(record("lee"))
    assert caught.value.code == "gradebook-cells-changed"
    assert "'q9'" in caught.value.message


def test_a_master_with_sources_in_lines_as_jupyter_saves_them_gives_the_same_cells(course: Course) -> None:
    course.sync(record())
    for saved in course.master["cells"]:
        saved["source"] = saved["source"].splitlines(keepends=True)
    assert course.sync(record()).unchanged == ("kim",)


def test_a_master_that_lacks_a_questions_cell_is_named_and_nothing_is_written(course: Course) -> None:
    course.master["cells"] = [c for c in course.master["cells"] if c["metadata"]["nbgrader"]["grade_id"] != "q4-check"]
    with pytest.raises(GraderError) as caught:
        course.sync(record())
    assert caught.value.code == "master-invalid"
    assert not (course.root / "autograded").exists()


def test_a_database_that_cannot_be_opened_is_named_in_korean(course: Course) -> None:
    course.db_url = f"sqlite:///{course.root / 'missing' / 'gradebook.db'}"
    with pytest.raises(GraderError) as caught:
        course.sync(record())
    assert caught.value.code == "gradebook-unavailable"


def test_a_gpu_question_waits_without_a_score(course: Course) -> None:
    found = sample.outcomes({"q7/2": (Outcome.DEFERRED, "")})
    course.sync(record(found=found))
    assert course.grades()["q7-check"] == (None, None, True)
    assert "GPU" in str(course.comments()["q7"][0])
