"""The totals of a course, read from nbgrader's gradebook for whole assignments at once.

Owns what counts: for each submission a `Standing`, of which the service's pages, the feedback and the CSV are made, so
that all of them show the same numbers. Reads with SQLAlchemy alone, without importing nbgrader (3 s), and changes
nothing. `TotalsReader` keeps what it read until the database's file changes.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.model import Assignment
from autograder.report.sanitize import clean_text
from autograder.report.standing import Mark, Standing, name_of

__all__ = ["Member", "Totals", "TotalsReader", "database_file", "read_totals", "standing_of", "state_of"]

Stamp = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One student of the gradebook."""

    id: str
    last_name: str
    first_name: str
    email: str


@dataclass(frozen=True, slots=True)
class Totals:
    """One assignment as the gradebook has it.

    Args:
        id: the assignment's id.
        course_id: the course it belongs to.
        due: when it is due, ISO 8601 in UTC; "" without a due date.
        possible: points of all its cells.
        standings: by student; the keys of `Standing.marks` are the names of cells.
        comments: by student and cell, what the grader and what a person wrote.
    """

    id: str
    course_id: str
    due: str
    possible: float
    standings: Mapping[str, Standing] = field(default_factory=dict)
    comments: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


def read_totals(db_url: str, assignment_ids: Sequence[str] = ()) -> tuple[list[Member], dict[str, Totals]]:
    """Return the gradebook's students, sorted by id, and the named assignments (all if none is named), sorted by id.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.
        assignment_ids: the assignments, or all of the gradebook's if empty.

    Raises:
        GraderError: ``gradebook-missing`` (no such file), ``gradebook-unavailable`` (not readable, or none of
            nbgrader's), ``assignment-not-in-gradebook``.
    """
    with _connected(db_url) as connection:
        return _read(connection, assignment_ids)


class TotalsReader:
    """Totals of one gradebook for who asks often; read again only when the database's file has changed.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.
    """

    def __init__(self, db_url: str) -> None:
        self.db_url = db_url
        self._lock = threading.Lock()
        self._known: tuple[Stamp, dict[str, Totals]] | None = None
        self._made: dict[str, tuple[Totals, Assignment, dict[str, Standing]]] = {}

    def totals(self) -> Mapping[str, Totals]:
        """Return all assignments of the gradebook by id; none if there is no gradebook.

        Raises:
            GraderError: ``gradebook-unavailable``.
        """
        with self._lock:
            stamp = state_of(self.db_url)  # taken before it is read: what is written meanwhile is read the next time
            if self._known is None or not stamp or self._known[0] != stamp:
                try:
                    found = read_totals(self.db_url)[1]
                except GraderError as error:
                    if error.code != "gradebook-missing":
                        raise
                    found = {}
                self._known = stamp, found
            return self._known[1]

    def standings(self, assignment: Assignment) -> Mapping[str, Standing]:
        """Return the standing of everybody who has handed in an assignment, by student.

        Raises:
            GraderError: ``gradebook-unavailable``.
        """
        totals = self.totals().get(assignment.id)
        if totals is None:
            return {}
        made = self._made.get(assignment.id)
        if made is None or made[0] is not totals or made[1].questions != assignment.questions:
            own = {student: standing_of(totals, student, assignment) for student in totals.standings}
            made = self._made[assignment.id] = totals, assignment, own
        return made[2]


def standing_of(totals: Totals, student: str, assignment: Assignment) -> Standing:
    """Return a student's standing by the assignment's questions, in their order; raises KeyError if there is none.

    What is none of the assignment's questions keeps its cell's name: it counts too.
    """
    found, comments = totals.standings[student], totals.comments.get(student, {})
    left, marks = dict(found.marks), {}
    for question in assignment.questions:
        mark = left.pop(question.check_cell, None)
        if mark is not None:
            automatic, manual = comments.get(question.solution_cell, ("", ""))
            comment = clean_text(manual or (automatic if question.manual else ""))
            mark = replace(mark, comment=comment, reads=question.manual, name=name_of(question))
            marks[question.id] = mark
    return replace(found, marks={**marks, **left})


def database_file(db_url: str) -> Path | None:
    """Return the file of an SQLite database, None for any other."""
    import sqlalchemy as sa

    url = sa.make_url(db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def state_of(db_url: str) -> Stamp:
    """Return what changes when anything in an SQLite database does: of its file and its log; () for other databases.

    The counter in the file's header goes up with every transaction, so that no clock's grain hides one.
    """
    path = database_file(db_url)
    return () if path is None else (_state_of_file(path, header=True), _state_of_file(Path(f"{path}-wal")))


def _state_of_file(path: Path, *, header: bool = False) -> tuple[int, ...]:
    try:
        about = path.stat()
        counter = 0
        if header:
            with path.open("rb") as file:
                file.seek(24)
                counter = int.from_bytes(file.read(4), "big")
    except OSError:
        return ()
    return about.st_ino, about.st_size, about.st_mtime_ns, counter


@contextmanager
def _connected(db_url: str) -> Iterator[Any]:
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    try:
        path = database_file(db_url)
        if path is not None and not path.is_file():
            code, said = "gradebook-unavailable", "성적부가 있을 자리에 파일이 아닌 것이 있습니다. 경로를 확인하세요."
            if not path.exists():
                code = "gradebook-missing"
                said = "성적부가 없습니다. 먼저 `autograder gradebook sync`로 채점 결과를 성적부에 쓰세요."
            raise GraderError(code, said, detail=db_url)
        engine = sa.create_engine(db_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        raise GraderError(
            "gradebook-unavailable",
            "성적부 데이터베이스를 읽을 수 없습니다. --db가 nbgrader의 gradebook.db를 가리키는지 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _read(connection: Any, wanted: Sequence[str]) -> tuple[list[Member], dict[str, Totals]]:
    names = _rows(connection, "assignment", "id", "name", "course_id", duedate="time")
    known = {row.name: row for row in names}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        message = f"성적부에 없는 과제입니다: {', '.join(unknown)}. `autograder gradebook sync`를 먼저 실행하세요."
        raise GraderError("assignment-not-in-gradebook", message, detail=f"it has {sorted(known)}")
    people = [
        Member(row.id, row.last_name or "", row.first_name or "", row.email or "")
        for row in _rows(connection, "student", "id", "last_name", "first_name", "email")
    ]
    worth = {
        row.id: float(row.max_score or 0.0)
        for table in ("grade_cells", "task_cells")
        for row in _rows(connection, table, "id", "max_score")
    }
    home = {row.id: row.assignment_id for row in _rows(connection, "notebook", "id", "assignment_id")}
    cells, possible = {}, defaultdict(float)
    for row in _rows(connection, "base_cell", "id", "name", "notebook_id"):
        cells[row.id] = row.name
        possible[home.get(row.notebook_id)] += worth.get(row.id, 0.0)
    whose, penalties = {}, defaultdict(float)
    for row in _rows(connection, "submitted_notebook", "id", "assignment_id", "late_submission_penalty"):
        whose[row.id] = row.assignment_id
        penalties[row.assignment_id] += float(row.late_submission_penalty or 0.0)
    marks: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    wanted_columns = ("notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
    for row in _rows(connection, "grade", *wanted_columns):
        own = marks[whose.get(row.notebook_id, "")]
        own[_free(cells.get(row.cell_id, ""), own)] = _mark(row, worth.get(row.cell_id, 0.0))
    said: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in _rows(connection, "comment", "notebook_id", "cell_id", "auto_comment", "manual_comment"):
        if row.auto_comment or row.manual_comment:
            name = cells.get(row.cell_id, "")
            said[whose.get(row.notebook_id, "")][name] = (row.auto_comment or "", row.manual_comment or "")
    found = {}
    held = defaultdict(list)
    columns = {"timestamp": "time", "extension": "span"}
    for row in _rows(connection, "submitted_assignment", "id", "assignment_id", "student_id", **columns):
        held[row.assignment_id].append(row)
    for name in sorted(set(wanted) or known):
        about = known[name]
        standings, comments = {}, {}
        for row in held[about.id]:
            due = about.duedate + row.extension if about.duedate and row.extension else about.duedate
            standings[row.student_id] = Standing(
                marks=marks.get(row.id, {}),
                possible=possible[about.id],
                penalty=penalties[row.id],
                received=_iso(row.timestamp),
                due=_iso(due),
            )
            comments[row.student_id] = said.get(row.id, {})
        found[name] = Totals(
            name, about.course_id or "", _iso(about.duedate), possible[about.id], standings, comments
        )
    return sorted(people, key=lambda member: member.id), found


def _mark(row: Any, worth: float) -> Mark:
    """Return what a row of grades counts: a person's points in place of the tests' own, extra credit on top."""
    points = row.auto_score if row.manual_score is None else row.manual_score
    return Mark(
        score=None if points is None else float(points) + float(row.extra_credit or 0.0),
        by_hand=row.manual_score is not None or bool(row.extra_credit),
        waits=bool(row.needs_manual_grade),
        possible=worth,
        automatic=row.auto_score,
        manual=row.manual_score,
        extra=row.extra_credit,
    )


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """Return a key for a cell: its name, which two notebooks of one assignment may share."""
    return name if name not in taken else f"{name}\0{len(taken)}"


def _rows(connection: Any, table: str, *columns: str, **typed: str) -> list[Any]:
    """Return all rows of one of nbgrader's tables."""
    import sqlalchemy as sa

    kinds = {"time": sa.DateTime(), "span": sa.Interval()}
    chosen: list[Any] = [sa.column(name) for name in columns]
    chosen += [sa.column(name, kinds[kind]) for name, kind in typed.items()]
    return list(connection.execute(sa.select(*chosen).select_from(sa.table(table))))


def _iso(moment: dt.datetime | None) -> str:
    """Return a time of nbgrader's, which is in UTC and states no zone, as ISO 8601."""
    return "" if moment is None else moment.replace(tzinfo=dt.UTC).isoformat()
