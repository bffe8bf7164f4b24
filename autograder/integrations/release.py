"""Makes `assignments/ID` from `solutions/ID` with nbgrader's own ``GenerateAssignment``, the same bytes every time.

nbgrader runs in a temporary course that holds one assignment (its ``--no-db`` form: no gradebook is opened), so that
nothing of the real course changes but the one folder; what it leaves is normalised (metadata kept to what a student
needs, LF, a newline at the end) and replaces the old folder in one step. Refuses a master in which a region of
a solution is not closed or not opened, and one whose cells and points disagree with ``assignment.toml``.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.catalog import load_assignment, read_master
from autograder.errors import AssignmentError
from autograder.intake.notebook import STATED
from autograder.intake.release import CODE_STUB, TEXT_STUB
from autograder.integrations.release_check import cell_problems, refusal
from autograder.model import Assignment
from autograder.sinks.log import logger

__all__ = ["LEFT_OUT", "ReleaseResult", "release"]

LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "*.pyc", ".ipynb_checkpoints", ".OTTER_LOG", ".DS_Store", "*.db", ".*_cache"
)
"""What of a master's folder no release holds, as `shutil.copytree` asks for it."""
_CELL_METADATA = ("deletable", "editable", "nbgrader", "tags")
_TEXT = {".csv", ".json", ".md", ".py", ".toml", ".txt"}


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What a release did to one assignment.

    Args:
        assignment: its id.
        folder: the released folder.
        changed: files that were (or, with ``write=False``, would be) added, replaced or removed, relative to `folder`.
    """

    assignment: str
    folder: Path
    changed: tuple[Path, ...]


def release(assignment_ids: Sequence[str], root: Path, *, write: bool = True) -> list[ReleaseResult]:
    """Make the students' form of the named assignments.

    Args:
        assignment_ids: ids; each has ``solutions/ID/`` below `root` and an ``assignment.toml``.
        root: the course root.
        write: False only compares and leaves ``assignments/`` as it is.

    Raises:
        AssignmentError: no such assignment, no master (``master-missing``), nbgrader refused it (``release-failed``),
            or the result is not fit for students (``release-unfit``).
    """
    return [_release_one(load_assignment(assignment_id, root), root, write) for assignment_id in assignment_ids]


def _release_one(assignment: Assignment, root: Path, write: bool) -> ReleaseResult:
    source, folder = root / "solutions" / assignment.id, root / "assignments" / assignment.id
    if not (source / assignment.notebook).is_file():
        raise AssignmentError(
            "master-missing",
            f"'{assignment.id}' 과제의 원본 노트북이 없습니다. solutions/ 폴더를 확인하세요.",
            detail=str(source / assignment.notebook),
        )
    master = read_master(assignment)
    _check(assignment, master, master, _earlier(folder / assignment.notebook))
    with tempfile.TemporaryDirectory(prefix="release-") as scratch:
        course = Path(scratch).resolve()
        shutil.copytree(source, course / "solutions" / assignment.id, ignore=LEFT_OUT)
        _generate(assignment, course)
        made = course / "assignments" / assignment.id
        files = {
            path.relative_to(made): _normalised(path, assignment.id)
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
    _check(assignment, json.loads(files[Path(assignment.notebook)]), master)
    before = {path.relative_to(folder): path.read_bytes() for path in _released_files(folder)}
    changed = tuple(name for name in sorted({*files, *before}) if files.get(name) != before.get(name))
    if write and changed:
        _replace(folder, files)
    return ReleaseResult(assignment.id, folder, changed)


def _generate(assignment: Assignment, course: Path) -> None:
    """Run nbgrader on a course folder that holds this assignment only; see ``nbgrader generate_assignment --no-db``."""
    from nbgrader.converters.generate_assignment import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.CourseDirectory.db_url = f"sqlite:///{course / 'none.db'}"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    log = logger("autograder.nbgrader.release")
    log.propagate = False
    coursedir = CourseDirectory(config=config, assignment_id=assignment.id, log=log)
    outcome = capture_log(GenerateAssignment(coursedir=coursedir, config=config, log=log))
    if not outcome["success"] or not (course / "assignments" / assignment.id / assignment.notebook).is_file():
        raise AssignmentError(
            "release-failed",
            f"'{assignment.id}' 과제의 학생용 노트북을 만들지 못했습니다. 원본 노트북의 nbgrader 셀을 확인하세요.",
            detail=str(outcome.get("log") or outcome.get("error", "")),
        )


def _normalised(path: Path, assignment_id: str) -> bytes:
    if path.suffix == ".ipynb":
        return _notebook_bytes(json.loads(path.read_text(encoding="utf-8")), assignment_id)
    if path.suffix in _TEXT:
        text = path.read_text(encoding="utf-8").rstrip("\n")  # read with universal newlines
        return (text + "\n").encode() if text else b""
    return path.read_bytes()


def _notebook_bytes(notebook: Mapping[str, Any], assignment_id: str) -> bytes:
    """Return the notebook with the master's cell ids and nothing that depends on machine, editor or time.

    Its metadata says whose notebook it is, so that work handed in for another assignment is known as that.
    """
    cells = []
    for place, cell in enumerate(notebook["cells"]):
        metadata = {key: cell["metadata"][key] for key in _CELL_METADATA if key in cell["metadata"]}
        own = metadata.get("nbgrader", {})
        kept = {
            "cell_type": cell["cell_type"],
            "id": cell.get("id") or own.get("grade_id") or f"cell-{place}",
            "metadata": metadata,
            "source": "".join(cell["source"]).splitlines(keepends=True),
        }
        if cell["cell_type"] == "code":
            kept |= {"execution_count": None, "outputs": []}
        cells.append(kept)
    clean = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            STATED: {"assignment": assignment_id},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(clean, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _check(
    assignment: Assignment,
    notebook: Mapping[str, Any],
    master: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    """Raise AssignmentError if the released notebook does not fit the suite, or may still hold part of a solution."""
    problems = cell_problems(assignment, notebook, master, before)
    if problems:
        raise refusal(assignment, problems, "실행하세요")


def _earlier(path: Path) -> dict[str, Any] | None:
    """Return the notebook that was released last, None if there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _released_files(folder: Path) -> list[Path]:
    ignored = {"__pycache__", ".ipynb_checkpoints"}
    return [p for p in folder.rglob("*") if p.is_file() and not ignored & set(p.relative_to(folder).parts)]


def _replace(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Put the new folder in place of the old one, so that a reader sees one or the other."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new, old = stage / "new", stage / "old"
        for name, content in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
