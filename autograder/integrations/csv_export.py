"""Final scores as CSV for an LMS, from nbgrader's gradebook: automatic and manual scores, extra credit, late penalties.

Reads the gradebook and changes nothing in it, not even its schema. Decided here:

- One row for each student of the roster and each assignment, or (`wide`) one row for each student. Whom the gradebook
  has and the roster has not stands at the end, and the row says so.
- An assignment that nobody handed in is there only if it was given to the students, where that is known.
- A score that still waits for a person is empty and flagged, never an incomplete number; so is any total it is part of.
  Work that was not handed in is empty too: whether that is a zero is the course's decision.
- The numbers are those of `totals`, which the service's pages and the feedback show.
- The final score is what nbgrader's own export says: all points less the late penalty it holds, at least 0.
- `autograder.sinks.sheet` writes it: RFC 4180, nothing in a cell that a spreadsheet would run as a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.course_file import DEFAULT_TIMEZONE, course_timezone, table_time
from autograder.errors import GraderError
from autograder.grading.records import write_atomically
from autograder.intake.roster import Member, Roster
from autograder.integrations.gradebook_roster import StudentRow, student_rows
from autograder.integrations.totals import database_file, read_totals
from autograder.report.standing import Standing
from autograder.report.words import number
from autograder.sinks.sheet import Sheet

__all__ = ["FinalScore", "Student", "final_scores", "gradebook_csv", "scores_csv", "write_csv"]

_PERSON, _SECTION, _NOTE = ("계정", "학번", "이름", "메일"), "분반", "비고"
_LONG = (
    *("과제", "상태", "자동 점수", "수동 점수", "추가 점수"),
    *("원점수", "늦은 제출 감점", "최종 점수", "만점", "제출 시각"),
)
_UNLISTED = "명단에 없음"
_Cell = str | float | None
_MISSING, _WAITS, _DONE = "미제출", "조교 확인 필요", "채점 완료"


@dataclass(frozen=True, slots=True)
class Student:
    """One student of the class.

    Args:
        id: the account in nbgrader and JupyterHub.
        number: student number, or "".
        name: the whole name, or "".
        email: mail address, or "".
        section: which part of the class, or "".
        note: what is to be said of the row, "" for a member of the roster.
    """

    id: str
    number: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FinalScore:
    """What one student has for one assignment.

    Args:
        student: who.
        assignment: which.
        possible: points that can be had, manual ones included.
        standing: what the gradebook holds; None if nothing was handed in, then there are no numbers.
    """

    student: Student
    assignment: str
    possible: float
    standing: Standing | None = None

    @property
    def submitted(self) -> bool:
        """Whether anything was handed in."""
        return self.standing is not None

    @property
    def waits(self) -> bool:
        """Whether a person has yet to decide on some of it."""
        return self.standing is not None and self.standing.waits

    @property
    def raw(self) -> float | None:
        """All points, or None while there is no such number."""
        return None if self.standing is None else self.standing.raw

    @property
    def final(self) -> float | None:
        """All points less the penalty, at least 0, or None while there is no such number."""
        return None if self.standing is None else self.standing.total

    @property
    def state(self) -> str:
        """The Korean word for where it stands."""
        if not self.submitted:
            return _MISSING
        return _WAITS if self.waits else _DONE


def gradebook_csv(
    db_url: str,
    assignment_ids: Sequence[str] = (),
    *,
    roster: Roster | None = None,
    released: Collection[str] | None = None,
    wide: bool = False,
    bom: bool = False,
) -> str:
    """Return the scores of the named assignments (all, if none is named) as CSV; see the functions this puts together.

    Raises:
        GraderError: see `final_scores`.
    """
    path = database_file(db_url)
    timezone = course_timezone(path.parent if path else None)
    scores = final_scores(db_url, assignment_ids, roster=roster, released=released)
    return scores_csv(scores, wide=wide, bom=bom, timezone=timezone)


def final_scores(
    db_url: str,
    assignment_ids: Sequence[str] = (),
    *,
    roster: Roster | None = None,
    released: Collection[str] | None = None,
) -> list[FinalScore]:
    """Return every student's score of every named assignment, sorted by assignment, then as the roster has them.

    Args:
        db_url: SQLAlchemy URL of nbgrader's gradebook.
        assignment_ids: the assignments, or all of the gradebook's if empty.
        roster: who is in the class; None for the gradebook's students, by account.
        released: ids of the assignments that students were given; None where that is not known.

    Raises:
        GraderError: ``gradebook-missing`` (no such file), ``gradebook-unavailable`` (not readable, or none of
            nbgrader's), ``assignment-not-in-gradebook``.
    """
    _, found = read_totals(db_url, assignment_ids)
    students = _students(student_rows(db_url), roster)
    wanted = set(assignment_ids)
    return [
        FinalScore(student, name, totals.possible, totals.standings.get(student.id))
        for name, totals in found.items()
        if name in wanted or released is None or name in released or totals.begun
        for student in students
    ]


def write_csv(path: Path, text: str) -> None:
    """Write a CSV file whole or not at all; raises GraderError (``output-unwritable``)."""
    try:
        write_atomically(path, text)
    except OSError as error:
        message = "CSV 파일을 쓸 수 없습니다. 경로와 권한을 확인하세요."
        raise GraderError("output-unwritable", message, detail=str(error)) from error


def scores_csv(
    scores: Iterable[FinalScore], *, wide: bool = False, bom: bool = False, timezone: str = DEFAULT_TIMEZONE
) -> str:
    """Return scores as CSV.

    Args:
        scores: in the order of the rows.
        wide: one row for each student, a column for each assignment, then the total and what is missing in it.
        bom: for Excel: begin with U+FEFF, without which it reads UTF-8 as CP949 on a Korean machine, and keep it from
            taking a student number for a quantity (``="007"``).
        timezone: IANA name of the zone in which times are written, with the zone's name.
    """
    found = list(scores)
    sections = any(score.student.section for score in found)
    person = partial(_person, sections=sections)
    first = [*_PERSON, *([_SECTION] if sections else [])]
    if wide:
        head, *body = _wide(found, person)
        rows = [[*first, *head], *body]
    else:
        body = [[*person(s.student), *_long(s, timezone), s.student.note] for s in found]
        rows = [[*first, *_LONG, _NOTE], *body]
    sheet = Sheet(number=number, bom=bom, excel=bom)
    for row in rows:
        sheet.row(row)
    return sheet.text()


def _students(rows: Mapping[str, StudentRow], roster: Roster | None) -> list[Student]:
    """Return the class in the order of the rows: members as the roster has them, then who is in the gradebook alone."""
    if roster is None:
        return [Student(r.account, r.number, r.name, r.email) for r in sorted(rows.values(), key=_account)]
    former = {member.account: member for member in (*roster.removed, *roster.left)}
    members = []
    for member in roster:
        row = rows.get(member.account, StudentRow(member.account, "", "", ""))
        person = (member.number or row.number, member.name or row.name, member.email or row.email)
        members.append(Student(member.account, *person, member.section))
    others = []
    for row in sorted(rows.values(), key=_account):
        if not roster.has(row.account):
            was = former.get(row.account, Member(row.account))
            person = (was.number or row.number, was.name or row.name, was.email or row.email)
            others.append(Student(row.account, *person, was.section, _UNLISTED))
    return [*members, *others]


def _account(row: StudentRow) -> str:
    return row.account


def _long(score: FinalScore, timezone: str) -> list[_Cell]:
    own = score.standing
    return [
        score.assignment,
        score.state,
        *((own.automatic, own.manual, own.extra) if own else (None, None, None)),
        score.raw,
        own.penalty if own else None,
        score.final,
        score.possible,
        table_time(own.received, timezone) if own else "",
    ]


def _wide(scores: Sequence[FinalScore], person: Callable[[Student], list[str]]) -> list[list[_Cell]]:
    names = sorted({score.assignment for score in scores})
    rows: list[list[_Cell]] = []
    by_student: dict[Student, dict[str, FinalScore]] = {}
    for score in scores:
        by_student.setdefault(score.student, {})[score.assignment] = score
    for student, own in by_student.items():
        waiting = [name for name in names if own[name].waits]
        finals = [own[name].final for name in names]
        total = None if waiting else sum(final for final in finals if final is not None)
        missing = [name for name in names if not own[name].submitted]
        rows.append([*person(student), *finals, total, " ".join(waiting), " ".join(missing), student.note])
    return [[*names, "합계", _WAITS, _MISSING, _NOTE], *rows]


def _person(student: Student, *, sections: bool) -> list[str]:
    return [student.id, student.number, student.name, student.email, *([student.section] if sections else [])]
