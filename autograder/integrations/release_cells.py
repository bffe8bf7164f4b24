"""The released form of a master notebook, made with nbgrader's own preprocessors, and its rows in the gradebook.

Owns the agreement between three things: the cells students received, the cells in the gradebook, and the cells of a
notebook in ``autograded/``. Writes no notebook file.
"""

from __future__ import annotations

import copy
import fcntl
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.intake.release import CODE_STUB, TEXT_STUB
from autograder.model import Assignment
from autograder.sinks.log import logger

__all__ = ["Released", "cells_lock", "create_tables", "released_cells"]


@dataclass(frozen=True, slots=True)
class Released:
    """A released notebook as JSON and, before hidden regions were cleared, what the gradebook keeps of it."""

    assignment: str
    notebook_id: str
    notebook: dict[str, Any]
    recorded: dict[str, Any]

    def copy(self) -> dict[str, Any]:
        """Return the released notebook, outputs empty."""
        return copy.deepcopy(self.notebook)

    def source(self, grade_id: str) -> str:
        """Return a cell's released source, "" if there is no such cell."""
        return str(next((c["source"] for c in self.notebook["cells"] if _grade_id(c) == grade_id), ""))

    def adopt(self, cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a student's (sanitised) cells with the released metadata, each nbgrader cell exactly once.

        Locked cells get the released source again, so that their checksums hold; unknown and repeated ids lose their
        nbgrader metadata, because formgrader fails on a cell that the gradebook doesn't know; cells that are missing
        are added at the end.
        """
        known = {_grade_id(cell): cell for cell in self.notebook["cells"] if _grade_id(cell)}
        adopted: list[dict[str, Any]] = []
        seen: set[str] = set()
        for cell in cells:
            grade_id = _grade_id(cell)
            original = known.get(grade_id)
            made = {**cell, "metadata": {}}
            if original is not None and grade_id not in seen and original["cell_type"] == cell["cell_type"]:
                seen.add(grade_id)
                own = original["metadata"]["nbgrader"]
                made["metadata"] = {"nbgrader": dict(own)}
                if not own.get("solution") and (own.get("grade") or own.get("locked")):
                    made["source"] = original["source"]
            adopted.append(made)
        missing = [copy.deepcopy(cell) for grade_id, cell in known.items() if grade_id not in seen]
        return [{**cell, "id": f"cell-{place}"} for place, cell in enumerate([*adopted, *missing])]

    def save(self, db_url: str, course_id: str) -> None:
        """Create the assignment, the notebook and its cells in the gradebook, as ``nbgrader generate_assignment`` does.

        Does nothing if they are there and the same. Where there are submissions, cells that nobody grades still come
        and go; other graded or answered cells are refused.

        Raises:
            GraderError: ``gradebook-cells-changed``: the gradebook has submissions for other questions' cells.
        """
        with cells_lock(db_url):
            self._save(db_url, course_id)

    def _save(self, db_url: str, course_id: str) -> None:
        import nbformat
        from nbgrader.api import Gradebook, MissingEntry
        from nbgrader.preprocessors import SaveCells

        create_tables(db_url)
        with Gradebook(db_url, course_id) as gradebook:
            try:
                gradebook.find_assignment(self.assignment)
            except MissingEntry:
                gradebook.add_assignment(self.assignment, course_id=course_id)
            try:
                stored = _stored(gradebook.find_notebook(self.notebook_id, self.assignment))
            except MissingEntry:
                stored = None
        described = _described(self.recorded)
        if stored == described:
            return
        if (
            stored
            and stored["solution"] == described["solution"]
            and stored["grade"].keys() == described["grade"].keys()
        ):
            self._same_source_cells(db_url, course_id, described["source"])
        resources = {"nbgrader": {"notebook": self.notebook_id, "assignment": self.assignment, "db_url": db_url}}
        try:
            SaveCells(log=_quiet()).preprocess(nbformat.from_dict(copy.deepcopy(self.recorded)), resources)
        except RuntimeError as error:
            raise GraderError(
                "gradebook-cells-changed",
                f"성적부에 이미 제출물이 있는데 원본 노트북의 채점 셀이 달라졌습니다: {_changed(stored, described)}. "
                "셀을 되돌리거나 새 성적부를 쓰세요.",
                detail=str(error),
            ) from error

    def _same_source_cells(self, db_url: str, course_id: str, source: Mapping[str, Any]) -> None:
        """Add and remove the rows of texts and set-up cells, which nbgrader refuses as soon as there is a submission.

        No score and no submission refers to them.
        """
        from nbgrader.api import Gradebook

        with Gradebook(db_url, course_id) as gradebook:
            rows = {cell.name: cell for cell in gradebook.find_notebook(self.notebook_id, self.assignment).source_cells}
            for name in rows.keys() - source.keys():
                gradebook.db.delete(rows[name])
            gradebook.db.commit()
            for name in source.keys() - rows.keys():
                kind, locked, text, checksum = source[name]
                values = {"cell_type": kind, "locked": locked, "source": text, "checksum": checksum}
                gradebook.add_source_cell(name, self.notebook_id, self.assignment, **values)


def released_cells(master: Mapping[str, Any], assignment: Assignment) -> Released:
    """Return the released form of a master notebook, in the order of ``nbgrader generate_assignment``'s steps.

    Raises:
        GraderError: ``master-invalid``: nbgrader refuses the notebook, or a question's cell is missing or worth other
            points than assignment.toml says.
    """
    import nbformat
    from nbgrader.nbgraderformat import ValidationError
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    log = _quiet()
    clear = ClearSolutions(log=log, code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB)
    before = (LockCells(log=log), clear, ClearOutput(log=log), CheckCellMetadata(log=log), ComputeChecksums(log=log))
    after = (ClearHiddenTests(log=log), ClearMarkScheme(log=log), before[-1], before[-2])
    try:
        notebook = nbformat.reads(json.dumps(dict(master)), as_version=4)  # joins multi-line sources
        for step in before:
            notebook, _ = step.preprocess(notebook, {})
        recorded = json.loads(json.dumps(notebook))
        for step in after:
            notebook, _ = step.preprocess(notebook, {})
    except (ValidationError, RuntimeError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _invalid(assignment, f"{type(error).__name__}: {error}") from error
    released = Released(assignment.id, Path(assignment.notebook).stem, json.loads(json.dumps(notebook)), recorded)
    for place, cell in enumerate(released.notebook["cells"]):
        own = cell["metadata"].get("nbgrader")
        cell["id"] = f"cell-{place}"
        cell["metadata"] = {"nbgrader": own} if own else {}
    released.notebook["nbformat_minor"] = 5
    _check(released, assignment)
    return released


@contextmanager
def cells_lock(db_url: str) -> Iterator[None]:
    """Keep other processes from writing an assignment's cells into the same gradebook; not to be taken twice.

    nbgrader writes them one by one, and deletes the notebook first: two at once, and one finds no notebook. A gradebook
    that is no SQLite file is not locked.
    """
    path = Path(db_url.removeprefix("sqlite:///"))
    if not db_url.startswith("sqlite:///") or not path.name:
        yield
        return
    try:
        file = path.with_name(f".{path.name}.lock").open("a")
    except OSError:  # whoever opens the gradebook tells what is wrong with the place
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def create_tables(db_url: str) -> None:
    """Create nbgrader's tables in an empty database.

    nbgrader would do it by running a program named ``alembic`` from PATH, which is missing where the environment is
    used without being activated (a service, cron). The version written is the one that program prints.
    """
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(db_url)
    try:
        if inspect(engine).get_table_names():
            return
        Base.metadata.create_all(bind=engine)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": version}
            )
    finally:
        engine.dispose()


def _check(released: Released, assignment: Assignment) -> None:
    cells = {_grade_id(c): c["metadata"]["nbgrader"] for c in released.notebook["cells"] if _grade_id(c)}
    for question in assignment.questions:
        check, solution = cells.get(question.check_cell, {}), cells.get(question.solution_cell, {})
        if not check.get("grade") or not solution.get("solution") or float(check.get("points", -1)) != question.points:
            raise _invalid(assignment, f"question {question.id}: check cell {check}, solution cell {solution}")


def _invalid(assignment: Assignment, detail: str) -> GraderError:
    message = (
        f"'{assignment.id}' 과제의 원본 노트북이 assignment.toml과 맞지 않습니다. 셀의 grade_id와 배점을 확인하세요."
    )
    return GraderError("master-invalid", message, detail=detail)


def _described(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the gradebook keeps of a notebook's cells, comparable with `_stored`."""
    grade, solution, source = {}, set(), {}
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader")
        if not own:
            continue
        if own.get("grade"):
            grade[own["grade_id"]] = (float(own["points"]), cell["cell_type"])
        if own.get("solution"):
            solution.add(own["grade_id"])
        if own.get("grade") or own.get("solution") or own.get("locked") or own.get("task"):
            locked = bool(not own.get("solution") and (own.get("grade") or own.get("locked")))
            source[own["grade_id"]] = (cell["cell_type"], locked, cell["source"], own.get("checksum"))
    return {"grade": grade, "solution": solution, "source": source}


def _stored(notebook: Any) -> dict[str, Any]:
    return {
        "grade": {c.name: (c.max_score, c.cell_type) for c in notebook.grade_cells},
        "solution": {c.name for c in notebook.solution_cells},
        "source": {c.name: (c.cell_type, c.locked, c.source, c.checksum) for c in notebook.source_cells},
    }


def _changed(stored: Mapping[str, Any] | None, described: Mapping[str, Any]) -> str:
    """Return the names of graded and answered cells that only one of the two has."""
    before = {*stored["grade"], *stored["solution"]} if stored else set()
    return ", ".join(f"'{name}'" for name in sorted(before ^ {*described["grade"], *described["solution"]}))


def _grade_id(cell: Mapping[str, Any]) -> str:
    own = cell.get("metadata", {}).get("nbgrader")
    return str(own.get("grade_id", "")) if own else ""


def _quiet() -> logging.Logger:
    """Return a logger that only reports errors: nbgrader's steps are told by our own result."""
    quiet = logger("autograder.nbgrader")
    quiet.setLevel(logging.ERROR)
    return quiet
