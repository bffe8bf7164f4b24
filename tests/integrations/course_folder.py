"""A course in a folder, driven by nbgrader's own commands, and the small master notebook it is made of."""

from __future__ import annotations

import copy
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.intake.release import CODE_STUB, TEXT_STUB
from autograder.integrations.gradebook import SyncResult, sync
from autograder.integrations.release_cells import released_cells
from autograder.model import GradeRecord
from tests.report import records as sample

__all__ = ["ID", "Course", "cell", "gradebook_without_submissions", "master", "record", "submitted"]

ID = "01-vanishing-gradients"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "whydl"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.ClearSolutions.code_stub = {"python": @CODE@}
c.ClearSolutions.text_stub = @TEXT@
"""


def master() -> dict[str, Any]:
    """Return a small master notebook with the cells that the assignment names."""
    cells: list[dict[str, Any]] = [
        cell("markdown", "# 기울기 소실\n\n<details><summary>힌트</summary>펼침</details>", "intro", locked=True)
    ]
    for question, title, points, name in sample.QUESTIONS:
        body = f"def {name}(*args):\n    ### BEGIN SOLUTION\n    return 'the secret answer'\n    ### END SOLUTION"
        cells.append(cell("markdown", f"## {title}", f"{question}-text", locked=True))
        cells.append(cell("code", body, question, solution=True))
        cells.append(cell("code", f'check("{question}")', f"{question}-check", grade=True, locked=True, points=points))
    cells.append(cell("markdown", "여기에 2~4문장으로 적으세요.", "reflection", grade=True, solution=True, points=10))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def submitted(reflection: str = "층을 지날 때마다 기울기가 줄어듭니다.", payload: str = "") -> dict[str, Any]:
    """Return what a sandbox returns for a student's notebook: own code and text, outputs, released metadata."""
    notebook = copy.deepcopy(master())
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "reflection":
            cell["source"] = reflection + payload
        elif cell["cell_type"] == "code":
            cell["source"] = cell["source"].replace("'the secret answer'", "args") + payload
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "출력" + payload}]
    return notebook


def record(student: str = "kim", found: tuple[sample.TestOutcome, ...] | None = None, **changes: Any) -> GradeRecord:
    return sample.record(student, found, **{"executed": submitted(), **changes})


@functools.cache
def gradebook_without_submissions() -> bytes:
    """The database with the master's cells that the first sync of a course makes; that is most of what a sync costs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        released_cells(master(), sample.assignment()).save(f"sqlite:///{path}", "whydl")
        return path.read_bytes()


class Course:
    """A course folder on disk: nbgrader's configuration, the master, and ways to look at the result.

    Args:
        root: an empty folder.
        begun: whether there is a gradebook already, with the master's cells and without submissions.
    """

    def __init__(self, root: Path, *, begun: bool = False) -> None:
        self.root = root
        self.assignment = sample.assignment()
        self.master = master()
        self.db_url = f"sqlite:///{root / 'gradebook.db'}"
        (root / "nbgrader_config.py").write_text(
            CONFIG.replace("@CODE@", repr(CODE_STUB)).replace("@TEXT@", repr(TEXT_STUB)), encoding="utf-8"
        )
        folder = root / "solutions" / ID
        folder.mkdir(parents=True)
        (folder / f"{ID}.ipynb").write_text(json.dumps(self.master), encoding="utf-8")
        if begun:
            (root / "gradebook.db").write_bytes(gradebook_without_submissions())

    def sync(self, *records: GradeRecord, **options: Any) -> SyncResult:
        return sync(records, self.assignment, self.master, self.root, db_url=self.db_url, course_id="whydl", **options)

    def nbgrader(self, *arguments: str) -> str:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment = {
            **os.environ,
            "PATH": path,
            "JUPYTER_PLATFORM_DIRS": "1",
            "HOME": str(self.root),
            "PYTHONUTF8": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def grades(self, student: str = "kim") -> dict[str, tuple[float | None, float | None, bool]]:
        from nbgrader.api import Gradebook

        with Gradebook(self.db_url, "whydl") as gradebook:
            notebook = gradebook.find_submission_notebook(ID, ID, student)
            return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}

    def grade_by_hand(self, cell: str, score: float, student: str = "kim", comment: str = "좋습니다") -> None:
        from nbgrader.api import Gradebook

        with Gradebook(self.db_url, "whydl") as gradebook:
            grade = gradebook.find_grade(cell, ID, ID, student)
            grade.manual_score, grade.needs_manual_grade = score, False
            gradebook.find_comment(cell.removesuffix("-check"), ID, ID, student).manual_comment = comment
            gradebook.db.commit()

    def received(self, student: str = "kim") -> str:
        from nbgrader.api import Gradebook

        with Gradebook(self.db_url, "whydl") as gradebook:
            return str(gradebook.find_submission(ID, student).timestamp)

    def comments(self, student: str = "kim") -> dict[str, tuple[str | None, str | None]]:
        from nbgrader.api import Gradebook

        with Gradebook(self.db_url, "whydl") as gradebook:
            notebook = gradebook.find_submission_notebook(ID, ID, student)
            return {c.name: (c.auto_comment, c.manual_comment) for c in notebook.comments}

    def autograded(self, student: str = "kim") -> Path:
        return self.root / "autograded" / student / ID

    def notebook(self, student: str = "kim") -> dict[str, Any]:
        return json.loads((self.autograded(student) / f"{ID}.ipynb").read_text(encoding="utf-8"))

    def state(self) -> dict[str, Any]:
        """Return everything on disk and in the database, comparable before and after."""
        import sqlite3

        files = {
            p: (p.read_bytes(), p.stat().st_mtime_ns)
            for p in sorted((self.root / "autograded").rglob("*"))
            if p.is_file()
        }
        with sqlite3.connect(self.root / "gradebook.db") as connection:
            return {"files": files, "rows": list(connection.iterdump())}


def cell(
    kind: str,
    source: str,
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> dict[str, Any]:
    own: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "solution": solution,
        "schema_version": 3,
        "task": False,
    }
    if points is not None:
        own["points"] = points
    cell: dict[str, Any] = {"cell_type": kind, "id": grade_id, "metadata": {"nbgrader": own}, "source": source}
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell
