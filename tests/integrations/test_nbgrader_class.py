"""A class by the nbgrader plug-in and by ``autograder grade``: the same gradebook, lateness included; its feedback."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.corpus import EXPERIMENTS, Edit, build_notebook
from autograder.errors import GraderError
from autograder.integrations.nbgrader_course import course_settings
from autograder.session import GradeOptions, grade_class, gradebook_url, sync_gradebook
from tests.grading import works
from tests.integrations.plugin_course import COURSE, ID, LATER, RIGHT, WRONG, PluginCourse, everything

pytestmark = pytest.mark.xdist_group("gradebook")

RULES = """
import sys

sys.path.insert(0, str(Path(__file__).parent))
c.AssignLatePenalties.plugin_class = "rules.TenADay"
"""
TEN_A_DAY = """from nbgrader.plugins import LateSubmissionPlugin


class TenADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 10 * -(-total_seconds_late // 86400)
"""
DUE = "2026-09-21 15:00:00 UTC"
STUDENTS = 13


def a_class(course: PluginCourse) -> None:
    """Hand in work of each kind: right, wrong, late, blank, and what cannot be graded; three kinds twice."""
    kinds: list[dict[str, Any]] = [
        {},
        {"answers": WRONG},
        {"answers": {"q1": "def double(x):\n    return None"}},
        {"answers": {"q2": "def square(x):\n    raise ValueError(x)"}},
        {"answers": {"q1": "def double(x:\n    return 1"}},
        {"answers": {"reflection": ""}},
        {"at": LATER},
        {"answers": WRONG, "at": LATER},
        {"name": "homework.ipynb"},
        {"text": '{"cells": [', "at": LATER},
    ]
    kinds += [kinds[0], kinds[6], kinds[9]]
    for number, kind in enumerate(kinds):
        answers = {**RIGHT, **kind.get("answers", {})}
        answers["q2"] += f"\n# {number}"
        course.hand_in(f"s{number:02}", **{**kind, "answers": answers})
    assert len(kinds) == STUDENTS
    (course.root / "rules.py").write_text(TEN_A_DAY, encoding="utf-8")


def by_command_line(course: PluginCourse, assignment_id: str = ID) -> None:
    """Do what ``autograder grade`` and ``autograder gradebook sync`` do in the course folder."""
    out = course.root / "graded"
    grade_class(GradeOptions(assignment_id, (course.root / "submitted",), out, root=course.root))
    sync_gradebook([assignment_id], out=out, db=None, autograded=None, ledger=None, root=course.root)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        patch.setenv("AUTOGRADER_SECRET", "the same secret in both courses")
        yield patch


@pytest.fixture(scope="module")
def plugged(tmp_path_factory: pytest.TempPathFactory, environment: pytest.MonkeyPatch) -> PluginCourse:
    """A class by the plug-in, with a due date and a course's own penalty."""
    course = PluginCourse(tmp_path_factory.mktemp("plugged") / "course", RULES)
    environment.setenv("AUTOGRADER_SUITES", str(course.suites))
    a_class(course)
    due(course)
    result = course.autograde()
    assert result["success"], result
    return course


def due(course: PluginCourse) -> None:
    from autograder.integrations.gradebook import GradebookWriter

    assignment = load_assignment(ID, course.root)
    GradebookWriter(assignment, read_master(assignment), course.root, db_url=f"sqlite:///{course.db}", course_id=COURSE)
    course.due(DUE)


def test_a_class_has_the_same_gradebook_either_way(
    plugged: PluginCourse, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    other = PluginCourse(tmp_path / "course", RULES)
    a_class(other)
    due(other)
    environment.setenv("AUTOGRADER_SUITES", str(other.suites))
    try:
        by_command_line(other)
    finally:
        environment.setenv("AUTOGRADER_SUITES", str(plugged.suites))
    ours, theirs = plugged.rows(), other.rows()
    assert len(ours["submitted_assignment"]) == STUDENTS
    assert len(ours["grade"]) == 3 * STUDENTS
    assert ours == theirs
    folders = [
        {
            path.relative_to(made.root): path.read_text(encoding="utf-8").replace(made.record("s00").graded_at, "")
            for path in sorted((made.root / "autograded").rglob("*"))
            if path.is_file()
        }
        for made in (plugged, other)
    ]
    assert folders[0] == folders[1]
    before = plugged.rows()
    sync_gradebook([ID], out=plugged.root / "graded", db=None, autograded=None, ledger=None, root=plugged.root)
    assert plugged.rows() == before, "the same results written by the command line change nothing"


def test_lateness_costs_what_the_courses_own_plugin_says_whoever_writes(plugged: PluginCourse) -> None:
    assert plugged.penalty("s00") is None
    assert plugged.penalty("s06") == 10
    assert plugged.penalty("s09") == 0, "never more than the score"


def test_a_penalty_is_reckoned_anew_from_the_score_a_person_gave(plugged: PluginCourse) -> None:
    plugged.decide("s12", "q1-check", 50)
    sync_gradebook([ID], out=plugged.root / "graded", db=None, autograded=None, ledger=None, root=plugged.root)
    assert plugged.grades("s12")["q1-check"] == (None, 50.0, False), "decided, and nothing new to decide on"
    assert plugged.penalty("s12") == 10


def test_the_command_line_finds_the_gradebook_that_the_course_names(
    plugged: PluginCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plugged.root / "solutions")
    assert gradebook_url(Path("graded")) == f"sqlite:///{plugged.db}"
    assert gradebook_url(tmp_path, tmp_path) == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_a_broken_configuration_of_a_course_is_named_and_nothing_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.Nothing = 1 / 0\n", encoding="utf-8")
    with pytest.raises(GraderError) as caught:
        course_settings(tmp_path)
    assert caught.value.code == "nbgrader-config-invalid"
    assert course_settings(tmp_path / "elsewhere") is None


def test_feedback_holds_what_people_decided_and_asks_the_network_for_nothing(plugged: PluginCourse) -> None:
    api = plugged.api()
    plugged.decide("s10", "reflection", 7.5, "생각이 <b>분명</b>합니다.")
    plugged.decide("s10", "q2-check", 35, "변수 이름을 다시 보세요.")
    plugged.decide("s11", "reflection", 9)
    result = api.generate_feedback(ID)
    assert result["success"], result
    done, late, waits, broken = (plugged.page(s) for s in ("s10", "s11", "s00", "s09"))
    for page in (done, late, waits, broken):
        assert "Content-Security-Policy" in page
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page
    assert "생각이 &lt;b&gt;분명&lt;/b&gt;합니다." in done
    assert "변수 이름을 다시 보세요." in done
    assert "<strong>102.5</strong> <span>/ 110</span>" in done
    assert "자동 60 / 60 · 직접 채점 42.5 / 50" in done
    assert "늦은 제출 −10" in late
    assert "마감보다" in late
    assert "감점 10점." in late
    assert "<strong>99</strong> <span>/ 110</span>" in late
    assert re.search("<li>[^<]+ 10점은 조교가 채점합니다.</li>", waits)
    assert "<strong>100</strong> <span>/ 100</span>" in waits
    assert "감점" not in waits
    assert "채점 보류" in broken


def test_feedback_of_one_student_is_made_by_the_button_and_released_under_the_name_students_fetch(
    plugged: PluginCourse,
) -> None:
    from nbgrader.utils import notebook_hash

    api = plugged.api()
    assert api.generate_feedback(ID, "s01")["success"]
    assert api.release_feedback(ID, "s01")["success"]
    secret = (plugged.root / "submitted" / "s01" / ID / "submission_secret.txt").read_text(encoding="utf-8")
    name = f"{notebook_hash(secret=secret, notebook_id=ID)}.html"
    released = plugged.root / "exchange" / COURSE / "feedback" / name
    assert "소수를 두 배로 만듭니다." in released.read_text(encoding="utf-8")


def test_feedback_of_a_notebook_that_this_grader_did_not_write_is_an_error_for_that_student_alone(
    plugged: PluginCourse,
) -> None:
    notebook = plugged.root / "autograded" / "s02" / ID / f"{ID}.ipynb"
    kept = notebook.read_text(encoding="utf-8")
    notebook.write_text(kept.replace('"digest": "', '"digest": "0'), encoding="utf-8")
    (plugged.root / "feedback" / "s03" / ID / f"{ID}.html").unlink(missing_ok=True)
    try:
        result = plugged.api().generate_feedback(ID, "s0[23]")
    finally:
        notebook.write_text(kept, encoding="utf-8")
    assert not result["success"]
    assert "record-missing" in result["log"]
    assert "s02" in result["log"]
    assert plugged.page("s03")


def test_export_reads_scores_and_penalties(plugged: PluginCourse) -> None:
    from nbgrader.plugins import CsvExportPlugin

    with plugged.gradebook() as gradebook:
        exporter = CsvExportPlugin()
        exporter.to = str(plugged.root / "grades.csv")
        exporter.export(gradebook)
    rows = (plugged.root / "grades.csv").read_text(encoding="utf-8").splitlines()
    (late,) = (row.split(",") for row in rows if ",s06," in row)
    assert [float(value) for value in late[-4:]] == [100, 10, 90, 110]


@pytest.mark.soak
def test_thirty_works_of_the_corpus_have_the_same_gradebook_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = "04-gpu-speedup"
    monkeypatch.setenv("AUTOGRADER_SECRET", "the same secret in both courses")
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    cases = [case for kind in ("class", "wrong", "right") for case in works.cases(real, kind)][::4][:30]
    assert len(cases) == 30
    rows = []
    for name, grade in (("plugged", by_plugin), ("line", by_command_line)):
        course = PluginCourse(tmp_path / name)
        monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
        folder = course.root / "solutions" / real
        folder.mkdir()
        assignment = load_assignment(real, works.ROOT)
        master = read_master(assignment)
        (folder / assignment.notebook).write_text(json.dumps(master), encoding="utf-8")
        for path in (works.ROOT / "solutions" / real).rglob("*.py"):
            copy = folder / path.relative_to(works.ROOT / "solutions" / real)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
        for case in cases:
            quick = dataclasses.replace(case, edits=(Edit("drop", EXPERIMENTS), *case.edits))
            given = course.root / "submitted" / case.name / real
            given.mkdir(parents=True)
            (given / assignment.notebook).write_text(json.dumps(build_notebook(quick, master)), encoding="utf-8")
        grade(course, real)
        rows.append(everything(course.db))
    assert len(rows[0]["submitted_assignment"]) == 30
    assert rows[0] == rows[1]


def by_plugin(course: PluginCourse, assignment_id: str) -> None:
    result = course.api().autograde(assignment_id, "*")
    assert result["success"], result
