"""The gradebook's students as a roster, and a roster's members as the gradebook's students.

Owns the mark on students that our own writers created from a name found in a source. Such a row is no roster: it says
that somebody handed in under this name, not that somebody is called so. The mark is the row's `lms_user_id`, nbgrader's
field for whoever connects it with another system: it is written in the same transaction as the row, goes where the
database goes, dies with the row, and ``nbgrader db student add`` or ``import`` of that field takes it away. A table of
ours would outlive the rows it speaks of, a file beside the gradebook may have no place to be.

Whoever gives a marked row a name or an address (formgrader, ``nbgrader db student import``) vouches for it, once there
is a roster at all: one student whom somebody entered. Else a name typed into formgrader would make a class of one.

A student number has its place in `lms_user_id` too, where nobody else has put something there: it goes with the
gradebook to other machines. A name stands as family name and given name, because formgrader shows "None" for either
that is missing.

Reads and writes the one table ``student`` without nbgrader, which takes 3 s to import.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.grading.folders import private_folder
from autograder.intake.roster import Member, Roster

__all__ = ["FOUND", "Entry", "StudentRow", "enter", "enter_members", "entries", "gradebook_roster", "student_rows"]

FOUND = "autograder:found"
"""`lms_user_id` of a student whom our own writer created."""

_LOCKED_SECONDS = 30.0
"""For another program to let go of the gradebook; nbgrader's own writes take milliseconds."""
_NUMBER = re.compile(r"[A-Za-z]?\d[\d-]{3,18}", re.ASCII)
"""A student number; other systems' ids in `lms_user_id` are longer or have other letters."""
_LONG_FAMILY_NAMES = frozenset({"남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방"})


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student as the gradebook has them; `lms_id` is nbgrader's `lms_user_id`, "" where there is none."""

    account: str
    name: str
    email: str
    lms_id: str

    @property
    def number(self) -> str:
        """The student number, "" where there is none that looks like one."""
        return self.lms_id if _NUMBER.fullmatch(self.lms_id) else ""

    @property
    def found(self) -> bool:
        """Whether our own writer created the row from a name."""
        return self.lms_id == FOUND


@dataclass(frozen=True, slots=True)
class Entry:
    """What has to be written for one member.

    Args:
        account: whose row it is.
        new: there is no row yet.
        changes: field of `Member` (``name``, ``email``, ``number``) to its old and new value.
        columns: the values to write, by column.
    """

    account: str
    new: bool
    changes: Mapping[str, tuple[str, str]]
    columns: Mapping[str, str | None]


def gradebook_roster(db_url: str) -> Roster | None:
    """Return the students that somebody entered into a gradebook, None if there are none or there is no gradebook.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.

    Raises:
        GraderError: ``gradebook-unavailable``: it is there, and cannot be read.
    """
    rows = student_rows(db_url)
    if all(row.found for row in rows.values()):
        return None
    vouched = [row for row in rows.values() if not row.found or row.name or row.email]
    numbers = [row.number for row in vouched]
    return Roster(
        tuple(
            Member(row.account, row.number if numbers.count(row.number) == 1 else "", row.name, row.email)
            for row in vouched
        ),
        "gradebook",
    )


def student_rows(db_url: str) -> dict[str, StudentRow]:
    """Return every student of a gradebook by account, none where there is no gradebook.

    Raises:
        GraderError: as `gradebook_roster`.
    """
    import sqlalchemy as sa

    with _connected(db_url, "읽을", "`--roster`로 명단을 지정하세요") as connection:
        if connection is None or not sa.inspect(connection).has_table("student"):
            return {}
        rows = connection.execute(sa.select(*_columns()).select_from(_table())).all()
    return {str(row.id): _row(row) for row in rows}


def entries(
    roster: Iterable[Member],
    rows: Mapping[str, StudentRow],
    *,
    correct: bool = True,
    earlier: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Return what has to be written so that the gradebook has all members, with what the roster says of them.

    What the roster does not say stays as it is.

    Args:
        roster: the members.
        rows: the gradebook's students.
        correct: also replace a name or an address that differs; else only fill in what is missing.
        earlier: student numbers by account that an earlier roster had: they may be replaced too.
    """
    made = []
    for member in roster:
        row = rows.get(member.account)
        was = row or StudentRow(member.account, "", "", "")
        changes: dict[str, tuple[str, str]] = {}
        columns: dict[str, str | None] = {}
        if member.name and _plain(member.name) != _plain(was.name) and (correct or not was.name):
            changes["name"] = was.name, member.name
            columns["first_name"], columns["last_name"] = _given_and_family(member.name)
        if member.email and member.email != was.email and (correct or not was.email):
            changes["email"] = was.email, member.email
            columns["email"] = member.email
        ours = was.lms_id in ("", FOUND, (earlier or {}).get(member.account))
        if ours and member.number and member.number != was.lms_id:
            changes["number"] = was.number, member.number
            columns["lms_user_id"] = member.number
        elif was.found:
            columns["lms_user_id"] = None
        if row is None or columns:
            made.append(Entry(member.account, row is None, changes, columns))
    return made


def enter(wanted: Iterable[Entry], db_url: str) -> None:
    """Write entries into the gradebook, all of them or none.

    Raises:
        GraderError: ``gradebook-unavailable``.
    """
    import sqlalchemy as sa

    from autograder.integrations.release_cells import create_tables

    todo = list(wanted)
    if not todo:
        return
    why = "다른 프로그램이 쓰고 있지 않은지 확인하세요"
    with _connected(db_url, "쓸", why, create_tables) as connection:
        assert connection is not None
        table = _table(*_columns())
        for entry in todo:
            if entry.new:
                connection.execute(sa.insert(table).values(id=entry.account, **entry.columns))
            else:
                connection.execute(sa.update(table).where(table.c.id == entry.account).values(**entry.columns))
        connection.commit()


def enter_members(roster: Iterable[Member], db_url: str) -> None:
    """Enter a roster's members into the gradebook: who is missing, and names and addresses that nobody has entered.

    Nobody is taken out, and what a person has entered stays.

    Raises:
        GraderError: ``gradebook-unavailable``.
    """
    enter(entries(roster, student_rows(db_url), correct=False), db_url)


@contextmanager
def _connected(db_url: str, what: str, todo: str, prepare: Any = None) -> Iterator[Any]:
    """Yield a connection, None where there is no file to read; `prepare` makes the file first."""
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = sa.make_url(db_url)
        sqlite = url.get_backend_name() == "sqlite"
        if prepare is not None:
            if sqlite and url.database:
                private_folder(Path(url.database).parent)
            prepare(db_url)
        elif sqlite and not (url.database and Path(url.database).is_file()):
            yield None
            return
        engine = sa.create_engine(url, connect_args={"timeout": _LOCKED_SECONDS} if sqlite else {})
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise GraderError(
            "gradebook-unavailable",
            f"성적부의 학생 명단을 {what} 수 없습니다. 성적부 파일과 권한을 확인하거나 {todo}.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _columns() -> list[Any]:
    import sqlalchemy as sa

    return [sa.column(name) for name in ("id", "first_name", "last_name", "email", "lms_user_id")]


def _table(*columns: Any) -> Any:
    import sqlalchemy as sa

    return sa.table("student", *columns)


def _row(row: Any) -> StudentRow:
    first, last = str(row.first_name or "").strip(), str(row.last_name or "").strip()
    hangul = any("가" <= c <= "힣" for c in first + last)
    name = f"{last}{first}" if hangul else " ".join(filter(None, (first, last)))
    return StudentRow(str(row.id), name, str(row.email or ""), str(row.lms_user_id or ""))


def _given_and_family(name: str) -> tuple[str, str]:
    """Return a name in two parts, which `_row` puts together again; either may be empty."""
    if any("가" <= c <= "힣" for c in name):
        if " " in name:
            return name, ""
        size = 2 if len(name) > 2 and name[:2] in _LONG_FAMILY_NAMES else 1
        return name[size:], name[:size]
    given, _, family = name.rpartition(" ")
    return (given, family) if given else (family, "")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
