"""The gradebook's students as a roster, and a roster's members as the gradebook's students.

Owns the mark on students that our own writers created from a name found in a source. Such a row is no roster: it says
that somebody handed in under this name, not that somebody is called so. The mark is the row's `lms_user_id`, nbgrader's
field for whoever connects it with another system: it is written in the same transaction as the row, goes where the
database goes, dies with the row, and ``nbgrader db student add`` or ``import`` of that field takes it away. A table of
ours would outlive the rows it speaks of, a file beside the gradebook may have no place to be.

Whoever gives a marked row a name or an address (formgrader, ``nbgrader db student import``) vouches for it, once there
is a roster at all: one student whom somebody entered. Else a name typed into formgrader would make a class of one.

Reads without nbgrader, which takes 3 s to import.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.intake.roster import Member, Roster

__all__ = ["FOUND", "enter_members", "gradebook_roster"]

FOUND = "autograder:found"
"""`lms_user_id` of a student whom our own writer created."""


def gradebook_roster(db_url: str) -> Roster | None:
    """Return the students that somebody entered into a gradebook, None if there are none or there is no gradebook.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.

    Raises:
        GraderError: ``gradebook-unavailable``: it is there, and cannot be read.
    """
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = sa.make_url(db_url)
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
            return None
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                if not sa.inspect(connection).has_table("student"):
                    return None
                columns: list[sa.ColumnClause[Any]] = [
                    sa.column(n) for n in ("id", "first_name", "last_name", "email", "lms_user_id")
                ]
                rows = connection.execute(sa.select(*columns).select_from(sa.table("student"))).all()
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        raise GraderError(
            "gradebook-unavailable",
            "성적부의 학생 명단을 읽을 수 없습니다. 성적부 파일과 권한을 확인하거나 `--roster`로 명단을 지정하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    if all(row.lms_user_id == FOUND for row in rows):
        return None
    vouched = [r for r in rows if r.lms_user_id != FOUND or r.first_name or r.last_name or r.email]
    return Roster(tuple(_member(row) for row in vouched), "gradebook")


def enter_members(roster: Roster, db_url: str, course_id: str) -> None:
    """Enter a roster's members into the gradebook: who is missing, and names and addresses that nobody has entered.

    Nobody is taken out, and what a person has entered stays.

    Raises:
        GraderError: ``gradebook-unavailable``.
    """
    from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    from autograder.integrations.release_cells import create_tables

    try:
        create_tables(db_url)
        with Gradebook(db_url, course_id) as gradebook:
            for member in roster:
                try:
                    student = gradebook.find_student(member.account)
                except MissingEntry:
                    student = gradebook.add_student(member.account)
                if student.lms_user_id == FOUND:
                    student.lms_user_id = None
                if not student.first_name and not student.last_name and member.name:
                    student.first_name = member.name
                if not student.email and member.email:
                    student.email = member.email
            gradebook.db.commit()
    except (SQLAlchemyError, InvalidEntry) as error:
        raise GraderError(
            "gradebook-unavailable",
            "성적부에 수강생 명단을 쓸 수 없습니다. 다른 프로그램이 쓰고 있지 않은지, 경로와 권한이 맞는지 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _member(row: Any) -> Member:
    first, last = str(row.first_name or "").strip(), str(row.last_name or "").strip()
    hangul = any("가" <= c <= "힣" for c in first + last)
    name = f"{last}{first}" if hangul else " ".join(filter(None, (first, last)))
    return Member(account=str(row.id), name=name, email=str(row.email or ""))
