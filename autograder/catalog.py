"""Finds assignments on disk and reads them; knows nothing about any one assignment.

An assignment is a folder ``autograder/suites/ID/`` with an ``assignment.toml``; its master notebook is
``solutions/ID/NOTEBOOK`` below the course root. One broken folder never hides the others: `assignments` returns the
readable ones and the errors side by side.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from autograder.assignment_file import OpenProblemTable, QuestionTable, read_assignment_file
from autograder.course_file import read_course_file
from autograder.errors import AssignmentError
from autograder.model import Assignment, OpenProblem, Question

__all__ = ["assignments", "course_root", "load_assignment", "read_master", "suites_dir", "tests_hash"]

_SUITE_SUFFIXES = {".py", ".toml", ".json", ".npz", ".safetensors", ".csv"}


def suites_dir() -> Path:
    """Return the folder of hidden suites: ``$AUTOGRADER_SUITES`` or the one inside this package."""
    return Path(os.environ.get("AUTOGRADER_SUITES") or Path(__file__).parent / "suites").resolve()


def course_root(start: Path | None = None) -> Path | None:
    """Return the nearest folder that holds ``solutions/``: `start`, its parents, then beside this package."""
    first = (start or Path.cwd()).resolve()
    for folder in (first, *first.parents, Path(__file__).resolve().parent.parent):
        if (folder / "solutions").is_dir():
            return folder
    return None


def assignments(root: Path | None = None) -> tuple[list[Assignment], list[AssignmentError]]:
    """Return every readable assignment, sorted by id, and an error for each unreadable one."""
    found: list[Assignment] = []
    broken: list[AssignmentError] = []
    for path in sorted(suites_dir().glob("*/assignment.toml")):
        try:
            found.append(load_assignment(path.parent.name, root))
        except AssignmentError as error:
            broken.append(error)
    return found, broken


def load_assignment(assignment_id: str, root: Path | None = None, suites: Path | None = None) -> Assignment:
    """Return one assignment.

    Args:
        assignment_id: the folder's name.
        root: the course root; found from the working directory if None.
        suites: the folder of suites, if not that of `suites_dir`.

    Raises:
        AssignmentError: no such assignment (``assignment-unknown``), an unreadable or inconsistent
            ``assignment.toml`` (``assignment-invalid``; the message names the line), or the same of the course's
            ``course.toml`` (``course-file-invalid``).
    """
    folder = (suites or suites_dir()) / assignment_id
    config_path = folder / "assignment.toml"
    if Path(assignment_id).name != assignment_id or not config_path.is_file():
        raise AssignmentError(
            "assignment-unknown",
            f"'{assignment_id}' 과제를 찾을 수 없습니다. `autograder list`로 과제 목록을 확인하세요.",
            detail=str(config_path),
        )
    content = read_assignment_file(config_path)
    questions = tuple(map(_question, content.questions))
    base = root or course_root()
    master = base / "solutions" / assignment_id / content.notebook if base else None
    return Assignment(
        id=assignment_id,
        title=content.title,
        points=sum(q.points for q in questions if not q.manual),
        questions=questions,
        limits=content.limits,
        runner=content.runner,
        notebook=content.notebook,
        extra_files=content.extra_files,
        suite_dir=folder,
        suite_hash=_hash_of(assignment_id, folder, master),
        master=master if master and master.is_file() else None,
        timezone=read_course_file(base).timezone,
        open_problem=None if content.open_problem is None else _open_problem(content.open_problem),
    )


def read_master(assignment: Assignment) -> dict[str, Any]:
    """Return the instructor's notebook as JSON; raises AssignmentError (``master-missing``) without one."""
    if assignment.master is None:
        raise AssignmentError(
            "master-missing",
            f"'{assignment.id}' 과제의 원본 노트북(solutions/)이 없습니다. "
            "과목 폴더에서 실행하거나 --root로 지정하세요.",
        )
    try:
        notebook = json.loads(assignment.master.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssignmentError(
            "master-unreadable", f"'{assignment.id}' 과제의 원본 노트북을 읽을 수 없습니다.", detail=str(error)
        ) from error
    if not isinstance(notebook, dict):
        raise AssignmentError("master-unreadable", f"'{assignment.id}' 과제의 원본 노트북을 읽을 수 없습니다.")
    return notebook


def _question(table: QuestionTable) -> Question:
    default = table.id if table.manual else f"{table.id}-check"
    return Question(
        id=table.id,
        title=table.title,
        points=float(table.points),
        manual=table.manual,
        names=table.names,
        solution_cell=table.id if table.solution_cell is None else table.solution_cell,
        check_cell=default if table.check_cell is None else table.check_cell,
        kind=table.kind or "",
        formerly=table.formerly,
    )


def _open_problem(table: OpenProblemTable) -> OpenProblem:
    return OpenProblem(
        title=table.title,
        measure=table.measure,
        better=table.better,
        baseline=float(table.baseline),
        budget=float(table.budget),
        unit=table.unit,
        least=float(table.least),
        most=float(table.upper_end),
    )


def _hash_of(assignment_id: str, folder: Path, master: Path | None) -> str:
    try:
        return _suite_hash(folder, master)
    except OSError as error:
        raise AssignmentError(
            "assignment-invalid",
            f"'{assignment_id}' 과제의 파일을 읽을 수 없습니다. 파일의 권한을 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def tests_hash(folder: Path) -> str:
    """Return a hash of a suite's own files, without the master notebook: what a judge has to have before it grades."""
    return _suite_hash(folder, None)


def _suite_hash(folder: Path, master: Path | None) -> str:
    digest = hashlib.sha256()
    decides = (p for p in sorted(folder.rglob("*")) if p.suffix in _SUITE_SUFFIXES and p.name != "survivors.toml")
    files = [p for p in decides if "__pycache__" not in p.parts]
    for path in [*files, *([master] if master and master.is_file() else [])]:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
