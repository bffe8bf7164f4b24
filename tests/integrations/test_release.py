from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.intake.release import CODE_STUB, TEXT_STUB, released_cells
from autograder.integrations.release import release

ROOT = Path(__file__).resolve().parents[2]
ID = "01-vanishing-gradients"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(ROOT / "solutions" / ID, root / "solutions" / ID)
    return root


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def edit(course: Path, change: Any) -> None:
    path = course / "solutions" / ID / f"{ID}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change({cell["id"]: cell for cell in notebook["cells"]}, notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_committed_release_is_the_one_the_master_gives() -> None:
    (result,) = release([ID], ROOT, write=False)
    assert result.changed == ()


def test_nothing_but_the_assignment_changes_and_a_second_run_changes_nothing(course: Path) -> None:
    before, place = files(course), Path.cwd()
    (first,) = release([ID], course)
    after = files(course)
    assert {name: content for name, content in after.items() if not name.startswith("assignments")} == before
    assert {str(name) for name in first.changed} == {
        name.removeprefix(f"assignments/{ID}/") for name in after if name.startswith("assignments")
    }
    (second,) = release([ID], course)
    assert second.changed == ()
    assert files(course) == after
    assert Path.cwd() == place


def test_comparing_writes_nothing(course: Path) -> None:
    (result,) = release([ID], course, write=False)
    assert result.changed
    assert not (course / "assignments").exists()


def test_outputs_machine_metadata_and_litter_do_not_travel(course: Path) -> None:
    clean = files(ROOT / "assignments" / ID)

    def litter(cells: dict[str, Any], notebook: dict[str, Any]) -> None:
        cells["setup"]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "비밀"}]
        cells["setup"]["execution_count"] = 7
        cells["q1"]["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        notebook["metadata"]["language_info"]["version"] = "3.99"
        notebook["metadata"]["widgets"] = {"x": 1}

    edit(course, litter)
    folder = course / "solutions" / ID
    (folder / ".OTTER_LOG").write_text("x", encoding="utf-8")
    (folder / "checks" / "__pycache__").mkdir()
    (folder / "checks" / "__pycache__" / "q1.pyc").write_bytes(b"x")
    check = folder / "checks" / "q1.py"
    check.write_bytes(check.read_bytes().replace(b"\n", b"\r\n"))
    release([ID], course)
    assert files(course / "assignments" / ID) == clean


def test_a_file_that_left_the_master_leaves_the_release(course: Path) -> None:
    release([ID], course)
    (course / "solutions" / ID / "checks" / "q7.py").unlink()
    (result,) = release([ID], course)
    assert [str(name) for name in result.changed] == ["checks/q7.py"]
    assert not (course / "assignments" / ID / "checks" / "q7.py").exists()


def test_the_release_agrees_with_what_intake_restores(course: Path) -> None:
    release([ID], course)
    master = json.loads((course / "solutions" / ID / f"{ID}.ipynb").read_text(encoding="utf-8"))
    made = json.loads((course / "assignments" / ID / f"{ID}.ipynb").read_text(encoding="utf-8"))
    by_id = {cell["id"]: "".join(cell["source"]) for cell in made["cells"]}
    assert [cell["id"] for cell in made["cells"]] == [cell["id"] for cell in master["cells"]]
    for cell in released_cells(master):
        assert by_id[cell.grade_id] == cell.source
    assert by_id["reflection"] == TEXT_STUB
    assert CODE_STUB.replace("\n", "\n    ") in by_id["q1"]


def test_a_misspelt_marker_that_would_leave_a_solution_is_refused(course: Path) -> None:
    def misspell(cells: dict[str, Any], notebook: dict[str, Any]) -> None:
        source = "".join(cells["q3"]["source"]).replace("BEGIN SOLUTION", "BEGIN SOLUTON")
        cells["experiment-a"]["source"] = source

    edit(course, misspell)
    with pytest.raises(AssignmentError) as refused:
        release([ID], course)
    assert refused.value.code == "release-unfit"
    assert not (course / "assignments").exists()


def test_points_that_disagree_with_the_suite_are_refused(course: Path) -> None:
    edit(course, lambda cells, notebook: cells["q3-check"]["metadata"]["nbgrader"].update(points=19))
    with pytest.raises(AssignmentError) as refused:
        release([ID], course)
    assert refused.value.code == "release-unfit"
    assert "q3: 19 points" in refused.value.detail
    assert refused.value.message == (
        "'q3'의 배점이 원본 노트북에는 19점, 시험지(assignment.toml)에는 20점입니다. "
        "원본 노트북의 배점을 20점으로 되돌린 뒤 다시 실행하세요."
    )


def test_what_nbgrader_refuses_is_reported_and_the_old_release_stays(course: Path) -> None:
    release([ID], course)
    before = files(course / "assignments")
    edit(course, lambda cells, notebook: cells["header"]["metadata"]["nbgrader"].update(schema_version=99))
    with pytest.raises(AssignmentError) as refused:
        release([ID], course)
    assert refused.value.code == "release-failed"
    assert files(course / "assignments") == before
    assert [path.name for path in (course / "assignments").iterdir()] == [ID]


def test_a_course_without_the_master_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError) as refused:
        release([ID], tmp_path)
    assert refused.value.code == "master-missing"
