"""What Generate refuses, and what it must never refuse, on the course's own master notebooks."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import assignments, load_assignment, read_master
from autograder.findings import Finding
from autograder.intake import read_notebook
from autograder.intake.assemble import assemble
from autograder.integrations.release_check import RULES, Notebooks, cell_problems, refusal
from autograder.model import Assignment, Submission
from tests.integrations.course_folder import cell
from tests.integrations.plugin_course import ID, WRONG, PluginCourse

ROOT = Path(__file__).resolve().parents[2]
MASTERS = sorted(path.name for path in (ROOT / "solutions").iterdir())
Notebook = dict[str, Any]
Edit = Callable[[Notebook], None]


@cache
def real(assignment_id: str) -> tuple[Assignment, Notebook]:
    assignment = load_assignment(assignment_id, ROOT)
    return assignment, read_master(assignment)


def own(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def marks(name: str, **changes: Any) -> Edit:
    return lambda notebook: own(notebook, name)["metadata"]["nbgrader"].update(changes)


def without(grade_id: str) -> Edit:
    return lambda notebook: notebook["cells"].remove(own(notebook, grade_id))


def doubled(grade_id: str) -> Edit:
    return lambda notebook: notebook["cells"].append(copy.deepcopy(own(notebook, grade_id)))


def kind(grade_id: str, cell_type: str) -> Edit:
    return lambda notebook: own(notebook, grade_id).update(cell_type=cell_type)


def replaced(grade_id: str, old: str, new: str) -> Edit:
    def change(notebook: Notebook) -> None:
        found = own(notebook, grade_id)
        text = "".join(found["source"])
        assert old in text
        found["source"] = text.replace(old, new)

    return change


def problems(assignment: Assignment, master: Notebook, before: Notebook | None = None) -> list[Finding]:
    return cell_problems(assignment, master, master, before)


REFUSED = {
    "points": (marks("q1-check", points=99), "release-points", "'q1'의 배점이 원본 노트북에는 99점"),
    "points that are no number": (marks("q1-check", points="many"), "release-points", "'q1'의 배점이"),
    "the points of the written answer": (
        marks("reflection", points=5),
        "release-points",
        "5점, 시험지(assignment.toml)",
    ),
    "a graded cell removed": (without("q2-check"), "release-cell", "'q2-check'"),
    "an answer cell removed": (without("q2"), "release-cell", "'q2'"),
    "the written answer removed": (without("reflection"), "release-cell", "'reflection'"),
    "a grade_id renamed": (marks("q2-check", grade_id="q2-chek"), "release-cell", "'q2-check'"),
    "a grade_id doubled": (doubled("q2-check"), "release-cell", "'q2-check'"),
    "a check turned into text": (kind("q2-check", "markdown"), "release-cell", "'q2-check'"),
    "an answer turned into text": (kind("q2", "markdown"), "release-cell", "'q2'"),
    "a lock lost": (marks("q2-check", locked=False), "release-cell", "'q2-check'"),
    "the lock of the set-up lost": (marks("setup", locked=False), "release-cell", "'setup'"),
    "a written answer graded automatically": (marks("reflection", solution=False), "release-cell", "'reflection'"),
    "a check graded by hand": (marks("q2-check", solution=True), "release-cell", "'q2-check'"),
    "a check that gives no points": (marks("q2-check", grade=False), "release-cell", "'q2-check'"),
    "an answer that gives points": (marks("q2", grade=True, points=3), "release-cell", "'q2'"),
    "a task": (marks("header", task=True, points=3), "release-cell", "'header'"),
    "a region without its end": (replaced("q1", "### END SOLUTION", ""), "release-region", "'q1'"),
    "the kind of the written answer": (kind("reflection", "code"), "release-cell", "'reflection'"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("assignment_id", MASTERS)
def test_what_would_stop_the_grading_is_refused_by_name(assignment_id: str, name: str) -> None:
    edit, code, words = REFUSED[name]
    assignment, master = real(assignment_id)
    changed = copy.deepcopy(master)
    edit(changed)

    found = problems(assignment, changed, master)
    assert code in {finding.code for finding in found}
    assert words in refusal(assignment, found, "Generate를 누르세요").message
    assert {finding.code for finding in found} <= {rule.code for rule in RULES}


@pytest.mark.parametrize("assignment_id", MASTERS)
def test_a_function_of_another_name_is_refused(assignment_id: str) -> None:
    assignment, master = real(assignment_id)
    name = assignment.question("q1").names[0]
    changed = copy.deepcopy(master)
    replaced("q1", name, f"{name}_")(changed)

    (finding,) = problems(assignment, changed, master)
    assert finding.code == "release-name"
    assert f"'{name}'" in finding.message


def insert(place: int, *cells: dict[str, Any]) -> Edit:
    def change(notebook: Notebook) -> None:
        notebook["cells"][place:place] = cells

    return change


def reordered(notebook: Notebook) -> None:
    notebook["cells"] = [*notebook["cells"][:3], *reversed(notebook["cells"][3:])]


def saved_by_jupyter(notebook: Notebook) -> None:
    for found in notebook["cells"]:
        found["metadata"]["editable"] = found["metadata"]["deletable"] = True
        found["metadata"]["tags"] = ["slide"]
        found["source"] = "".join(found["source"]).splitlines(keepends=True)
        if found["cell_type"] == "code":
            found["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "실행함"}]
            found["execution_count"] = 7
    notebook["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"


def another_solution(notebook: Notebook) -> None:
    found = own(notebook, "q1")
    found["source"] = "".join(found["source"]).replace("### BEGIN SOLUTION", "### BEGIN SOLUTION\n    # 다른 풀이", 1)


PLAIN = {"cell_type": "markdown", "id": "own-text", "metadata": {}, "source": "추가 설명"}
CODE = {
    "cell_type": "code",
    "id": "own-code",
    "metadata": {},
    "source": "plot()",
    "outputs": [],
    "execution_count": None,
}
FIGURE = {
    **PLAIN,
    "id": "figure",
    "source": "![그림](attachment:a.png)",
    "attachments": {"a.png": {"image/png": "AA=="}},
}
HARMLESS: dict[str, Edit] = {
    "another text": replaced("q1-text", "", "서론. "),
    "another heading": lambda notebook: own(notebook, "header").update(source="# 다른 제목"),
    "new cells that nobody grades": insert(4, PLAIN, CODE, FIGURE),
    "new locked texts": insert(
        4, cell("markdown", "새 글", "new-text", locked=True), cell("code", "1", "n", locked=True)
    ),
    "a locked text removed": without("q1-text"),
    "a text no longer nbgrader's": lambda notebook: own(notebook, "q1-text")["metadata"].pop("nbgrader"),
    "sections in another order": reordered,
    "what Jupyter writes when it saves": saved_by_jupyter,
    "another solution": another_solution,
    "points written as a fraction": lambda notebook: own(notebook, "reflection")["metadata"]["nbgrader"].update(
        points=10.0
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("assignment_id", MASTERS)
def test_a_harmless_edit_is_not_refused(assignment_id: str, name: str) -> None:
    assignment, master = real(assignment_id)
    changed = copy.deepcopy(master)
    HARMLESS[name](changed)

    assert json.dumps(changed) != json.dumps(master)
    assert problems(assignment, changed, master) == []


def test_every_rule_is_broken_by_some_edit() -> None:
    assignment, master = real(MASTERS[0])
    broken = set()
    for edit, *_ in [*REFUSED.values(), (replaced("q1", "act_and_grad", "act"), "", "")]:
        changed = copy.deepcopy(master)
        edit(changed)
        broken |= {rule.what for rule in RULES if list(rule.find(Notebooks(assignment, changed, changed, master)))}
    assert broken == {rule.what for rule in RULES}


def test_points_are_told_of_all_questions_in_one_sentence() -> None:
    assignment, master = real(MASTERS[0])
    changed = copy.deepcopy(master)
    marks("q3-check", points=16)(changed)
    one = refusal(assignment, problems(assignment, changed), "Generate를 누르세요").message
    marks("q5-check", points=18)(changed)
    two = refusal(assignment, problems(assignment, changed), "Generate를 누르세요").message

    assert one == (
        "'q3'의 배점이 원본 노트북에는 16점, 시험지(assignment.toml)에는 20점입니다. "
        "원본 노트북의 배점을 20점으로 되돌린 뒤 다시 Generate를 누르세요."
    )
    assert two == (
        "'q3'의 배점이 원본 노트북에는 16점, 시험지(assignment.toml)에는 20점이고, "
        "'q5'의 배점이 원본 노트북에는 18점, 시험지(assignment.toml)에는 10점입니다. "
        "원본 노트북의 배점을 시험지와 같게 되돌린 뒤 다시 Generate를 누르세요."
    )


# -- nbgrader's own step


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluginCourse:
    made = PluginCourse(tmp_path / "course")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.suites))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # without the environment's own programs, as in a service
    return made


def edit(course: PluginCourse, change: Edit) -> None:
    path = course.root / "solutions" / ID / f"{ID}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_refused_master_leaves_the_earlier_release_and_the_gradebook(course: PluginCourse) -> None:
    assert course.api().generate_assignment(ID)["success"]
    before, rows = files(course.root / "assignments"), course.rows()
    edit(course, marks("q2-check", points=20))
    result = course.api().generate_assignment(ID)

    assert not result["success"]
    assert "'q2'의 배점이 원본 노트북에는 20점, 시험지(assignment.toml)에는 40점입니다." in result["log"]
    assert "Traceback" not in result["log"]
    assert files(course.root / "assignments") == before
    assert course.rows() == rows

    edit(course, marks("q2-check", points=40))
    assert course.api().generate_assignment(ID)["success"]


def test_a_renamed_notebook_is_refused(course: PluginCourse) -> None:
    folder = course.root / "solutions" / ID
    (folder / f"{ID}.ipynb").rename(folder / "week 1.ipynb")
    result = course.api().generate_assignment(ID)
    assert not result["success"]
    assert f"원본 노트북 '{ID}.ipynb'가 없습니다. 'week 1.ipynb'의 파일 이름을 되돌리세요." in result["log"]
    assert not (course.root / "assignments").exists()


def test_points_in_a_second_notebook_are_refused_and_a_second_notebook_is_not(course: PluginCourse) -> None:
    second = course.root / "solutions" / ID / "more.ipynb"
    second.write_text(json.dumps(course.master()), encoding="utf-8")
    assert "'more.ipynb'에 점수가 있는 셀이" in course.api().generate_assignment(ID)["log"]

    second.write_text(json.dumps({**course.master(), "cells": [PLAIN]}), encoding="utf-8")
    assert course.api().generate_assignment(ID)["success"]


def test_practice_without_a_suite_is_generated_and_points_without_one_are_refused(course: PluginCourse) -> None:
    folder = course.root / "solutions" / "reading"
    folder.mkdir()
    path = folder / "reading.ipynb"
    path.write_text(json.dumps({**course.master(), "cells": [PLAIN]}), encoding="utf-8")
    assert course.api().generate_assignment("reading")["success"]

    path.write_text(json.dumps(course.master()), encoding="utf-8")
    result = course.api().generate_assignment("reading")
    assert not result["success"]
    assert "시험지(assignment.toml)가 없어 채점할 수 없습니다" in result["log"]


def test_what_nbgrader_itself_cannot_do_leaves_the_earlier_release(
    course: PluginCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.integrations.release_step import CheckedGenerate

    assert course.api().generate_assignment(ID)["success"]
    before = files(course.root / "assignments")

    def full_disk(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(CheckedGenerate, "write_single_notebook", full_disk)
    assert not course.api().generate_assignment(ID)["success"]
    assert files(course.root / "assignments") == before


@pytest.mark.soak
def test_the_command_says_the_sentence_and_ends_with_1(course: PluginCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(course, marks("q2-check", points=20))
    assert "원본 노트북의 배점을 40점으로" in course.command("generate_assignment", ID, status=1)


@pytest.mark.xdist_group("gradebook")  # their process has warm sandboxes
def test_work_on_an_older_release_is_graded_after_harmless_edits(course: PluginCourse) -> None:
    course.hand_in("kim", WRONG)  # made from the first release
    assert course.api().generate_assignment(ID)["success"]
    assert course.autograde()["success"]
    before = course.grades("kim")
    edit(course, insert(1, cell("markdown", "새 글", "new-text", locked=True), PLAIN, FIGURE))
    edit(course, without("intro"))
    result = course.api().generate_assignment(ID)
    assert result["success"], result

    course.hand_in("lee", WRONG)  # has the old release still
    result = course.autograde()
    assert result["success"], result
    assert course.grades("kim") == before == course.grades("lee")


@pytest.mark.parametrize("assignment_id", MASTERS)
def test_an_older_release_is_assembled_with_every_answer(assignment_id: str) -> None:
    """Of the real notebooks: all harmless edits at once, and a student whose notebook has none of them."""
    assignment, master = real(assignment_id)
    changed = copy.deepcopy(master)
    for edit in HARMLESS.values():
        if edit is not HARMLESS["a text no longer nbgrader's"]:  # its cell is removed already
            edit(changed)
    answers = {question.solution_cell for question in assignment.questions}
    written = {name: "".join(own(master, name)["source"]) for name in answers}

    notebook, _ = read_notebook(json.dumps(master).encode())
    made = assemble(Submission("kim", assignment.id, "digest", notebook, "work.ipynb"), assignment, changed)
    assert not [verdict for verdict in made.verdicts if verdict.fatal]
    for name, text in written.items():
        assert "".join(own(made.notebook, name)["source"]) == text


def test_all_masters_are_there() -> None:
    assert [assignment.id for assignment in assignments(ROOT)[0]] == MASTERS
