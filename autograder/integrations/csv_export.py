"""Final scores as CSV for an LMS, from nbgrader's gradebook: automatic and manual scores, extra credit, late penalties.

Reads the gradebook and changes nothing in it, not even its schema. Decided here:

- One row for each student of the roster and each assignment, or (`wide`) one row for each student. Whom the gradebook
  has and the roster has not stands at the end, and the row says so.
- An assignment that nobody handed in is there only if it was given to the students, where that is known.
- A score that still waits for a person is empty and flagged, never an incomplete number; so is any total it is part of.
  Work that was not handed in is empty too: whether that is a zero is the course's decision.
- The final score is what nbgrader's own export says: all points less the late penalty it holds, at least 0.
- RFC 4180: UTF-8, CRLF, quoted where needed; nothing in a cell that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.grading.records import write_atomically
from autograder.intake.roster import Member, Roster
from autograder.integrations.gradebook_roster import StudentRow, student_rows
from autograder.report.grades import excel_text, spreadsheet_text
from autograder.report.words import number

__all__ = ["FinalScore", "Student", "final_scores", "gradebook_csv", "scores_csv", "write_csv"]

_PERSON, _SECTION, _NOTE = ("계정", "학번", "이름", "메일"), "분반", "비고"
_LONG = (
    *("과제", "상태", "자동 점수", "수동 점수", "추가 점수"),
    *("원점수", "늦은 제출 감점", "최종 점수", "만점", "제출 시각(UTC)"),
)
_UNLISTED = "명단에 없음"
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
        submitted: whether anything was handed in; if not, there are no numbers.
        waits: a person has yet to decide on some of it.
        automatic: points from tests, where no person decided otherwise; None where there are none.
        manual: points given by a person, in place of automatic ones; None where there are none.
        extra: extra credit; None where there is none.
        penalty: late penalty, as nbgrader holds it.
        received: when it was handed in, as nbgrader writes it (UTC), or "".
    """

    student: Student
    assignment: str
    possible: float
    submitted: bool = False
    waits: bool = False
    automatic: float | None = None
    manual: float | None = None
    extra: float | None = None
    penalty: float = 0.0
    received: str = ""

    @property
    def raw(self) -> float | None:
        """All points, or None while there is no such number."""
        known = self.submitted and not self.waits
        return round((self.automatic or 0.0) + (self.manual or 0.0) + (self.extra or 0.0), 6) if known else None

    @property
    def final(self) -> float | None:
        """All points less the penalty, at least 0, or None while there is no such number."""
        return None if self.raw is None else max(0.0, round(self.raw - self.penalty, 6))

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
    return scores_csv(final_scores(db_url, assignment_ids, roster=roster, released=released), wide=wide, bom=bom)


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
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    unavailable = "성적부 데이터베이스를 읽을 수 없습니다. --db가 nbgrader의 gradebook.db를 가리키는지 확인하세요."
    try:
        url = sa.make_url(db_url)
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
            message = "성적부가 없습니다. 먼저 `autograder gradebook sync`로 채점 결과를 성적부에 쓰세요."
            raise GraderError("gradebook-missing", message, detail=db_url)
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                return _read(connection, assignment_ids, _students(student_rows(db_url), roster), released)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise GraderError("gradebook-unavailable", unavailable, detail=detail) from error


def write_csv(path: Path, text: str) -> None:
    """Write a CSV file whole or not at all; raises GraderError (``output-unwritable``)."""
    try:
        write_atomically(path, text)
    except OSError as error:
        message = "CSV 파일을 쓸 수 없습니다. 경로와 권한을 확인하세요."
        raise GraderError("output-unwritable", message, detail=str(error)) from error


def scores_csv(scores: Iterable[FinalScore], *, wide: bool = False, bom: bool = False) -> str:
    """Return scores as CSV.

    Args:
        scores: in the order of the rows.
        wide: one row for each student, a column for each assignment, then the total and what is missing in it.
        bom: for Excel: begin with U+FEFF, without which it reads UTF-8 as CP949 on a Korean machine, and keep it from
            taking a student number for a quantity (``="007"``).
    """
    found = list(scores)
    sections = any(score.student.section for score in found)
    person = partial(_person, sections=sections, excel=bom)
    first = [*_PERSON, *([_SECTION] if sections else [])]
    if wide:
        head, *body = _wide(found, person)
        rows = [[*first, *head], *body]
    else:
        rows = [[*first, *_LONG, _NOTE], *([*person(s.student), *_long(s), s.student.note] for s in found)]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return ("\ufeff" if bom else "") + buffer.getvalue()


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


def _read(
    connection: Any, wanted: Sequence[str], students: Sequence[Student], released: Collection[str] | None
) -> list[FinalScore]:
    import sqlalchemy as sa
    from nbgrader import api

    held, nb, grade = api.SubmittedAssignment, api.SubmittedNotebook, api.Grade
    possible = {
        name: (identity, float(points or 0.0))
        for identity, name, points in connection.execute(
            sa.select(api.Assignment.id, api.Assignment.name, api.Assignment.max_score)
        )
    }
    unknown = [name for name in wanted if name not in possible]
    if unknown:
        message = f"성적부에 없는 과제입니다: {', '.join(unknown)}. `autograder gradebook sync`를 먼저 실행하세요."
        raise GraderError("assignment-not-in-gradebook", message, detail=f"it has {sorted(possible)}")
    cells = defaultdict(list)
    for identity, *values in connection.execute(
        sa.select(nb.assignment_id, grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
        .select_from(grade)
        .join(nb, grade.notebook_id == nb.id)
    ):
        cells[identity].append(values)
    penalties = dict(
        connection.execute(
            sa.select(nb.assignment_id, sa.func.sum(nb.late_submission_penalty)).group_by(nb.assignment_id)
        ).all()
    )
    submissions = {
        (assignment, student): (identity, moment)
        for identity, assignment, student, moment in connection.execute(
            sa.select(held.id, held.assignment_id, held.student_id, held.timestamp)
        )
    }
    handed = {assignment for assignment, _ in submissions}
    given = [name for name, (row, _) in possible.items() if released is None or name in released or row in handed]
    scores = []
    for name in sorted(set(wanted or given)):
        assignment, points = possible[name]
        for student in students:
            handed_in = submissions.get((assignment, student.id))
            if handed_in is None:
                scores.append(FinalScore(student, name, points))
                continue
            identity, moment = handed_in
            own = cells.get(identity, [])
            scores.append(
                FinalScore(
                    student,
                    name,
                    points,
                    submitted=True,
                    waits=not own or any(needs or (auto is None and hand is None) for auto, hand, _, needs in own),
                    automatic=_sum(auto for auto, hand, _, _ in own if hand is None),
                    manual=_sum(hand for _, hand, _, _ in own),
                    extra=_sum(more for _, _, more, _ in own),
                    penalty=float(penalties.get(identity) or 0.0),
                    received=f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "",
                )
            )
    return scores


def _account(row: StudentRow) -> str:
    return row.account


def _long(score: FinalScore) -> list[str]:
    return [
        spreadsheet_text(score.assignment),
        score.state,
        *map(_points, (score.automatic, score.manual, score.extra)),
        _points(score.raw),
        _points(score.penalty if score.submitted else None),
        _points(score.final),
        _points(score.possible),
        spreadsheet_text(score.received),
    ]


def _wide(scores: Sequence[FinalScore], person: Callable[[Student], list[str]]) -> list[list[str]]:
    names = sorted({score.assignment for score in scores})
    rows = []
    by_student: dict[Student, dict[str, FinalScore]] = {}
    for score in scores:
        by_student.setdefault(score.student, {})[score.assignment] = score
    for student, own in by_student.items():
        waiting = [name for name in names if own[name].waits]
        finals = [own[name].final for name in names]
        total = None if waiting else sum(final for final in finals if final is not None)
        missing = [name for name in names if not own[name].submitted]
        lists = (spreadsheet_text(" ".join(waiting)), spreadsheet_text(" ".join(missing)))
        rows.append([*person(student), *map(_points, finals), _points(total), *lists, student.note])
    return [[*map(spreadsheet_text, names), "합계", _WAITS, _MISSING, _NOTE], *rows]


def _person(student: Student, *, sections: bool, excel: bool) -> list[str]:
    fields = (student.id, student.number, student.name, student.email, *([student.section] if sections else []))
    return [excel_text(spreadsheet_text(text)) if excel else spreadsheet_text(text) for text in fields]


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _points(value: float | None) -> str:
    return "" if value is None else number(value)
