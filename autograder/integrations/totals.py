"""The totals of a course, read from nbgrader's gradebook for whole assignments at once.

Owns what counts: for each submission a `Standing`, of which the service's pages, the feedback and the CSV are made, so
that all of them show the same numbers. Reads with SQLAlchemy alone, without importing nbgrader (3 s), and changes
nothing. `TotalsReader` keeps what it read until the database's file changes.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_REST = 4
"""Times what reading takes, until a gradebook that keeps changing is read again."""


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
        key: the gradebook's own key of it.
        course_id: the course it belongs to.
        due: when it is due, ISO 8601 in UTC; "" without a due date.
        possible: points of all its cells.
        cells: name and points by the gradebook's own key.
        begun: somebody has handed it in.
        standings: by student; the keys of `Standing.marks` are the names of cells. Empty in an outline.
        comments: by student and cell, what the grader and what a person wrote. Empty in an outline.
    """

    id: str
    key: str
    course_id: str
    due: str
    possible: float
    cells: Mapping[str, tuple[str, float]]
    begun: bool
    standings: Mapping[str, Standing] = field(default_factory=dict)
    comments: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


def read_totals(
    db_url: str, assignment_ids: Sequence[str] = (), *, student: str | None = None
) -> tuple[list[Member], dict[str, Totals]]:
    """Return the gradebook's students, sorted by id, and the named assignments (all if none is named), sorted by id.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.
        assignment_ids: the assignments, or all of the gradebook's if empty.
        student: whose standings are wanted; everybody's if None.

    Raises:
        GraderError: ``gradebook-missing`` (no such file), ``gradebook-unavailable`` (not readable, or none of
            nbgrader's), ``assignment-not-in-gradebook``.
    """
    with _connected(db_url) as connection:
        known = _outlines(connection)
        unknown = [name for name in assignment_ids if name not in known]
        if unknown:
            message = f"성적부에 없는 과제입니다: {', '.join(unknown)}. `autograder gradebook sync`를 먼저 실행하세요."
            raise GraderError("assignment-not-in-gradebook", message, detail=f"it has {sorted(known)}")
        people = [
            Member(row.id, row.last_name or "", row.first_name or "", row.email or "")
            for row in _rows(connection, "student", "id", "last_name", "first_name", "email")
        ]
        wanted = sorted(set(assignment_ids) or known)
        found = {name: _whole(connection, known[name], student) for name in wanted}
        return sorted(people, key=lambda member: member.id), found


class TotalsReader:
    """Totals of one gradebook for who asks often; read again only when the database's file has changed.

    While it changes without pause, at most a fifth of the time goes into reading: what is returned may then be older
    by four times what reading takes.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.
    """

    def __init__(self, db_url: str) -> None:
        self.db_url = db_url
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Stamp, float, Any]] = {}

    def outlines(self) -> Mapping[str, Totals]:
        """Return all assignments of the gradebook by id, without standings; none if there is no gradebook.

        Raises:
            GraderError: ``gradebook-unavailable``.
        """
        found: Mapping[str, Totals] = self._keep("", _outlines)
        return found

    def standings(self, assignment: Assignment) -> Mapping[str, Standing]:
        """Return the standing of everybody who has handed in an assignment, by student.

        Raises:
            GraderError: ``gradebook-unavailable``.
        """

        def read(connection: Any) -> tuple[Assignment, dict[str, Standing]]:
            outline = _outlines(connection).get(assignment.id)
            whole = None if outline is None else _whole(connection, outline)
            return assignment, {s: standing_of(whole, s, assignment) for s in whole.standings} if whole else {}

        made, found = self._keep(assignment.id, read) or (assignment, {})
        if made.questions != assignment.questions:
            self.forget()
            return self.standings(assignment)
        return found

    def forget(self) -> None:
        """Read everything again at the next asking."""
        with self._lock:
            self._kept.clear()

    def _keep(self, what: str, read: Callable[[Any], Any]) -> Any:
        """Return what was read last if nothing has changed since; `read` is called with a connection otherwise."""
        with self._lock:
            stamp = state_of(self.db_url)  # taken before it is read: what is written meanwhile is read the next time
            kept = self._kept.get(what)
            begun = time.monotonic()
            if kept is not None and stamp and (kept[0] == stamp or begun < kept[1]):
                return kept[2]
            try:
                with _connected(self.db_url) as connection:
                    found = read(connection)
            except GraderError as error:
                if error.code != "gradebook-missing":
                    raise
                found = {}
            done = time.monotonic()
            self._kept[what] = stamp, done + _REST * (done - begun), found
            return found


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


def _outlines(connection: Any) -> dict[str, Totals]:
    """Return every assignment of the gradebook without its standings, sorted by id."""
    worth = {
        row.id: float(row.max_score or 0.0)
        for table in ("grade_cells", "task_cells")
        for row in _rows(connection, table, "id", "max_score")
    }
    home = {row.id: row.assignment_id for row in _rows(connection, "notebook", "id", "assignment_id")}
    cells: defaultdict[str, dict[str, tuple[str, float]]] = defaultdict(dict)
    for row in _rows(connection, "base_cell", "id", "name", "notebook_id"):
        cells[home.get(row.notebook_id, "")][row.id] = row.name, worth.get(row.id, 0.0)
    begun = {row.assignment_id for row in _rows(connection, "submitted_assignment", "assignment_id", distinct=True)}
    found = [
        Totals(
            id=row.name,
            key=row.id,
            course_id=row.course_id or "",
            due=_iso(row.duedate),
            possible=sum(points for _, points in cells[row.id].values()),
            cells=cells[row.id],
            begun=row.id in begun,
        )
        for row in _rows(connection, "assignment", "id", "name", "course_id", duedate="time")
    ]
    return {totals.id: totals for totals in sorted(found, key=lambda totals: totals.id)}


def _whole(connection: Any, outline: Totals, student: str | None = None) -> Totals:
    """Return an assignment with the standings of all, or of one student.

    Grades are asked for by cell, which is what nbgrader's tables have an index on.
    """
    where: dict[str, Any] = {"assignment_id": outline.key}
    if student is not None:
        where["student_id"] = student
    columns = ("id", "student_id")
    held = _rows(connection, "submitted_assignment", *columns, where=where, timestamp="time", extension="span")
    mine: dict[str, Any] = {} if student is None else {"assignment_id": [row.id for row in held]}
    ids = {row.id for row in held}
    whose: dict[str, str] = {}
    penalties: defaultdict[str, float] = defaultdict(float)
    for row in _rows(connection, "submitted_notebook", "id", "assignment_id", "late_submission_penalty", where=mine):
        if row.assignment_id in ids:
            whose[row.id] = row.assignment_id
            penalties[row.assignment_id] += float(row.late_submission_penalty or 0.0)
    cells: dict[str, Any] = {"cell_id": list(outline.cells)}
    if student is not None:
        cells["notebook_id"] = list(whose)
    marks: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    graded = ("notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
    for row in _rows(connection, "grade", *graded, where=cells):
        own = marks[whose.get(row.notebook_id, "")]
        name, worth = outline.cells[row.cell_id]
        own[name if name not in own else f"{name}\0{row.cell_id}"] = _mark(row, worth)
    said: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in _rows(connection, "comment", "notebook_id", "cell_id", "auto_comment", "manual_comment", where=cells):
        if row.auto_comment or row.manual_comment:
            own_words = said[whose.get(row.notebook_id, "")]
            own_words[outline.cells[row.cell_id][0]] = (row.auto_comment or "", row.manual_comment or "")
    due = dt.datetime.fromisoformat(outline.due) if outline.due else None
    standings = {
        row.student_id: Standing(
            marks=marks.get(row.id, {}),
            possible=outline.possible,
            penalty=penalties[row.id],
            received=_iso(row.timestamp),
            due=(due + row.extension).isoformat() if due and row.extension else outline.due,
        )
        for row in held
    }
    comments = {row.student_id: said[row.id] for row in held if row.id in said}
    return replace(outline, standings=standings, comments=comments)


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


def _rows(
    connection: Any,
    table: str,
    *columns: str,
    where: Mapping[str, Any] | None = None,
    distinct: bool = False,
    **typed: str,
) -> list[Any]:
    """Return rows of one of nbgrader's tables: those whose columns have the values of `where`, or one of a list."""
    import sqlalchemy as sa

    kinds: dict[str, Any] = {"time": sa.DateTime(), "span": sa.Interval()}
    chosen: list[Any] = [sa.column(name) for name in columns]
    chosen += [sa.column(name, kinds[kind]) for name, kind in typed.items()]
    query = sa.select(*chosen).select_from(sa.table(table))
    for name, value in (where or {}).items():
        column: Any = sa.column(name)
        query = query.where(column.in_(value) if isinstance(value, list) else column == value)
    return list(connection.execute(query.distinct() if distinct else query))


def _iso(moment: dt.datetime | None) -> str:
    """Return a time of nbgrader's, which is in UTC and states no zone, as ISO 8601."""
    return "" if moment is None else moment.replace(tzinfo=dt.UTC).isoformat()
