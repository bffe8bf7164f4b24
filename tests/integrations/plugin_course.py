"""A small course in a folder, set up by `configure`, with a suite of its own and students who hand in."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.model import GradeRecord
from tests.integrations.course_folder import cell

__all__ = ["COURSE", "ID", "NOW", "RIGHT", "WRONG", "Handed", "PluginCourse"]

ID = "00-small"
COURSE = "whydl"
NOW = "2026-09-21 14:10:04.000000 UTC"
LATER = "2026-09-22 14:10:04.000000 UTC"

CONFIG = """
from pathlib import Path
from autograder.integrations.nbgrader_config import configure

c = get_config()
configure(c, root=Path(__file__).parent, course_id="whydl", exchange=Path(__file__).parent / "exchange")
"""
TOML = """title = "작은 과제"
notebook = "00-small.ipynb"
points = 100

[limits]
cell_seconds = 20
memory_mb = 768

[[questions]]
id = "q1"
title = "두 배"
points = 60
names = ["double"]

[[questions]]
id = "q2"
title = "제곱"
points = 40
names = ["square"]

[[questions]]
id = "reflection"
title = "돌아보기"
points = 10
manual = true
"""
Q1 = '''"""Question 1."""

from autograder.judge import expect, points


@points(30)
def test_whole(student, rng):
    """정수를 두 배로 만듭니다."""
    number = int(rng.integers(3, 1000))
    expect(student.double(number), "double").equals(2 * number, hint="더한 수를 다시 보세요.")


@points(30)
def test_fraction(student, rng):
    """소수를 두 배로 만듭니다."""
    number = float(rng.uniform(1, 9)) + 0.25
    expect(student.double(number), "double").close_to(2 * number, rtol=1e-6)
'''
Q2 = '''"""Question 2."""

from autograder.judge import expect, points


@points(40)
def test_square(student, rng):
    """제곱합니다."""
    number = int(rng.integers(3, 1000))
    expect(student.square(number), "square").equals(number**2)
'''
RIGHT = {"q1": "def double(x):\n    return 2 * x", "q2": "def square(x):\n    return x * x"}
WRONG = {"q1": "def double(x):\n    return int(2 * x)", "q2": "def square(x):\n    return x * x"}
"""Loses the second test of question 1: 70 points."""

Handed = dict[str, Any]


class PluginCourse:
    """A course folder after `configure`, and nbgrader in this process or as a command."""

    def __init__(self, root: Path, extra: str = "") -> None:
        self.root = root
        suite = root.parent / f"{root.name}-suites" / ID
        for folder in (root / "solutions" / ID, suite, root / "exchange"):
            folder.mkdir(parents=True)
        self.suites = suite.parent
        (root / "exchange").chmod(0o777)
        for name, text in (("assignment.toml", TOML), ("test_q1.py", Q1), ("test_q2.py", Q2)):
            (suite / name).write_text(text, encoding="utf-8")
        for name in ("reference.py", "probes.py"):
            (suite / name).write_text('"""Nothing."""\n', encoding="utf-8")
        (root / "nbgrader_config.py").write_text(CONFIG + extra, encoding="utf-8")
        (root / "solutions" / ID / f"{ID}.ipynb").write_text(json.dumps(self.master()), encoding="utf-8")

    @staticmethod
    def master(
        q1: str = RIGHT["q1"], q2: str = RIGHT["q2"], reflection: str = "답", *, regions: bool = True
    ) -> dict[str, Any]:
        """Return the master, or with other answers a student's notebook."""
        mark = "### BEGIN SOLUTION\n{}\n### END SOLUTION" if regions else "{}"
        cells = [
            cell("markdown", "# 작은 과제", "intro", locked=True),
            cell("code", mark.format(q1), "q1", solution=True),
            cell("code", "print(double(1))", "q1-check", grade=True, locked=True, points=60),
            cell("code", mark.format(q2), "q2", solution=True),
            cell("code", "print(square(1))", "q2-check", grade=True, locked=True, points=40),
            cell("markdown", reflection, "reflection", grade=True, solution=True, points=10),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}

    def hand_in(
        self,
        student: str,
        answers: Handed | None = None,
        *,
        at: str = NOW,
        change: Callable[[dict[str, Any]], None] = lambda _: None,
        text: str | None = None,
        name: str = f"{ID}.ipynb",
    ) -> Path:
        """Put a submission into ``submitted/``, as ``nbgrader collect`` does; returns its folder."""
        folder = self.root / "submitted" / student / ID
        folder.mkdir(parents=True, exist_ok=True)
        given = {**RIGHT, "reflection": f"{student}의 생각입니다.", **(answers or {})}
        notebook = self.master(**given, regions=False)
        change(notebook)
        (folder / name).write_text(json.dumps(notebook) if text is None else text, encoding="utf-8")
        (folder / "timestamp.txt").write_text(at, encoding="utf-8")
        (folder / "submission_secret.txt").write_text((student.encode().hex() * 128)[:128], encoding="utf-8")
        return folder

    def api(self) -> Any:
        """Return nbgrader's own API with the course's configuration, as formgrader makes it for every request."""
        from nbgrader.apps.api import NbGraderAPI
        from nbgrader.apps.baseapp import NbGrader

        app = NbGrader(raise_config_file_errors=True, log_level=50)
        app.initialize([], root=str(self.root))
        return NbGraderAPI(app.coursedir, parent=app)

    def autograde(self, student: str = "*", *, force: bool = True) -> dict[str, Any]:
        """Do what formgrader's button does, or the command for the whole class."""
        result: dict[str, Any] = self.api().autograde(ID, student, force=force)
        return result

    def command(self, *arguments: str, status: int = 0) -> str:
        """Run a real nbgrader command in the course folder and return what it said."""
        started = self.start(*arguments)
        said, _ = started.communicate(timeout=300)
        assert started.returncode == status, said
        return said

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a real nbgrader command in the course folder; what it says comes through its ``stdout``."""
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "JUPYTER_PLATFORM_DIRS": "1",
            "HOME": str(self.root),
            "PYTHONUTF8": "1",
            "AUTOGRADER_SUITES": str(self.suites),
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    @property
    def db(self) -> Path:
        return self.root / "gradebook.db"

    def gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.db}", COURSE)

    def grades(self, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
        """Return, by cell, the automatic score, the manual score and whether a person has to look."""
        with self.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook(ID, ID, student)
            return {g.name: (g.auto_score, g.manual_score, bool(g.needs_manual_grade)) for g in notebook.grades}

    def comments(self, student: str) -> dict[str, tuple[str | None, str | None]]:
        with self.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook(ID, ID, student)
            return {c.name: (c.auto_comment, c.manual_comment) for c in notebook.comments}

    def received(self, student: str) -> str:
        with self.gradebook() as gradebook:
            return str(gradebook.find_submission(ID, student).timestamp)

    def penalty(self, student: str) -> float | None:
        with self.gradebook() as gradebook:
            found: float | None = gradebook.find_submission_notebook(ID, ID, student).late_submission_penalty
            return found

    def decide(self, student: str, cell: str, score: float, comment: str = "", extra: float | None = None) -> None:
        """Grade a cell by hand, as formgrader does."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, ID, ID, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
            if comment:
                gradebook.find_comment(cell.removesuffix("-check"), ID, ID, student).manual_comment = comment
            gradebook.db.commit()

    def due(self, moment: str) -> None:
        with self.gradebook() as gradebook:
            gradebook.update_or_create_assignment(ID, duedate=moment)

    def record(self, student: str) -> GradeRecord:
        """Return the newest record of a student in the ledger."""
        from autograder.grading.ledger import Ledger

        ledger = Ledger(self.root / "graded" / "ledger.db")
        try:
            found = ledger.history(ID, student)[-1].record
        finally:
            ledger.close()
        assert found
        return found

    def notebook(self, student: str) -> str:
        return (self.root / "autograded" / student / ID / f"{ID}.ipynb").read_text(encoding="utf-8")

    def page(self, student: str) -> str:
        return (self.root / "feedback" / student / ID / f"{ID}.html").read_text(encoding="utf-8")

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of the gradebook, by natural keys in the place of nbgrader's random ids."""
        return everything(self.db)


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, sorted; a random id stands as the row it means."""
    with sqlite3.connect(path) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {}
        for name in sorted(names):
            cursor = connection.execute(f'SELECT * FROM "{name}"')
            tables[name] = [dict(zip([c[0] for c in cursor.description], row, strict=True)) for row in cursor]
    meant: dict[str, Any] = {}
    rows = {row["id"]: row for table in tables.values() for row in table if isinstance(row.get("id"), str)}

    def key(value: Any) -> Any:
        """Return a random id as the content of its row, followed through the rows it names."""
        if not (isinstance(value, str) and len(value) == 32 and value in rows):
            return value
        if value not in meant:
            meant[value] = "(itself)"
            own = {c: key(v) for c, v in rows[value].items() if c != "id"}
            meant[value] = json.dumps(own, sort_keys=True, ensure_ascii=False, default=str)
        return meant[value]

    return {
        name: sorted(
            tuple(str(key(row[column])) for column in row if column != "id" or len(str(row["id"])) != 32)
            for row in table
        )
        for name, table in tables.items()
    }
