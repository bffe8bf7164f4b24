"""Every assignment's notebook in a real kernel: solved, and as a student opens it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade

from tests.course.masters import IDS, ROOT, assignment, read_sources
from tests.course.warm_kernels import WarmKernels

pytestmark = pytest.mark.xdist_group("kernels")


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmKernels]:
    with WarmKernels(tmp_path_factory.mktemp("kernels"), [ROOT]) as started:
        yield started


@pytest.fixture(autouse=True)
def surroundings(kernels: WarmKernels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAST", "1")
    monkeypatch.setenv("JUPYTER_PATH", str(kernels.jupyter_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def executed(folder: Path, tmp_path: Path) -> Any:
    place = tmp_path / "과제"
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("__pycache__"))
    before = {path for path in place.rglob("*") if path.is_file()}
    notebook = nbformat.read(place / f"{folder.name}.ipynb", 4)
    resources = {"metadata": {"path": str(place)}}
    NotebookClient(notebook, timeout=240, kernel_name=WarmKernels.name, resources=resources).execute()
    left = {path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert left == before
    return notebook


def outputs(notebook: Any, kind: str) -> list[Any]:
    return [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == kind]


def stderr(notebook: Any) -> list[str]:
    return [out.text for out in outputs(notebook, "stream") if out.name == "stderr"]


def points(notebook: Any) -> float:
    return float(sum(determine_grade(cell)[0] or 0 for cell in notebook.cells if is_grade(cell)))


@pytest.mark.parametrize(
    "assignment_id", [pytest.param(i, marks=[pytest.mark.soak] if i in IDS[:2] else []) for i in IDS]
)
def test_the_master_runs_clean_and_earns_everything_nbgrader_can_see(assignment_id: str, tmp_path: Path) -> None:
    notebook = executed(ROOT / "solutions" / assignment_id, tmp_path)
    assert stderr(notebook) == []
    assert points(notebook) == assignment(assignment_id).points
    sources = read_sources(assignment_id)
    drawn = ("timeline" in sources) + sum("plt.show()" in source for source in sources.values())
    pictures = [out for out in outputs(notebook, "display_data") if "image/png" in out.data]
    assert len(pictures) == drawn >= 3


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_unsolved_release_runs_to_the_end_and_says_what_is_missing(assignment_id: str, tmp_path: Path) -> None:
    notebook = executed(ROOT / "assignments" / assignment_id, tmp_path)
    assert stderr(notebook) == []
    assert outputs(notebook, "error") == []
    assert points(notebook) == 0
    said = "".join(out.text for out in outputs(notebook, "stream"))
    guarded = sum("if ready(" in source for source in read_sources(assignment_id).values())
    assert said.count("이 셀은 건너뜁니다.") == guarded >= 3
