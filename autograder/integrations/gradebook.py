"""Writes grade records into nbgrader: the gradebook's rows and the ``autograded/`` folders that formgrader opens.

Owns the translation of one `GradeRecord` into what ``nbgrader autograde`` would have left behind, so that formgrader,
``nbgrader generate_feedback``, ``release_feedback`` and ``export`` go on from there. The command line, the nbgrader
plug-in and the service all write through here. Decided here:

- A score nobody knows is no score: cells without one get no `auto_score` and wait for a person. Never a zero of ours.
- A submission that could not be run gets its row, and a notebook with a note in Korean on top (its own, or the released
  one if it cannot be read), so that a grader sees it in formgrader; all its cells wait for a person.
- A person's work (`manual_score`, `manual_comment`, extra credit) is never written. When a later submission changes a
  cell that has a manual score, the cell is marked for another look, as nbgrader does.
- Lateness costs what the course's own nbgrader plug-in says, computed anew with every write.
- Records made without confinement, or that don't say, are refused (``unsafe-record``); one refusal stops no one else.
- Work under a name that nobody in the class has is refused (``student-unknown``), before any file or row is touched.
- Running it again with the same records changes nothing.

Files are written before the rows: interrupted in between, formgrader shows the submission as not yet autograded or as
waiting for a person, never as a zero, and the next run completes it. nbgrader takes about 3 s to import and is imported
inside functions.
"""

from __future__ import annotations

import datetime as dt
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.grading.whose import UNKNOWN
from autograder.intake.names import Lookup
from autograder.integrations.autograded import Written, utc, write_autograded, written
from autograder.integrations.gradebook_rows import write_rows
from autograder.integrations.nbgrader_course import LatePenalty
from autograder.integrations.release_cells import released_cells
from autograder.model import Assignment, GradeRecord
from autograder.report.sanitize import clean_text

__all__ = ["GradebookWriter", "Refusal", "SyncResult", "sync"]

_IN_THE_WAY = re.compile("locked|busy|UNIQUE|already exists")
_PAUSE_SECONDS = (0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 0.0)
"""Before another try of a write that another program was in the way of; 0 gives up."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not written, and why: a stable code and a Korean sentence."""

    student: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one run did, by student id. `written` changed something, `unchanged` was already so."""

    assignment: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refusal, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types; ``refused`` maps student to message."""
        return {
            "assignment": self.assignment,
            "written": len(self.written),
            "unchanged": len(self.unchanged),
            "refused": {r.student: f"{r.message} [{r.code}]" for r in self.refused},
        }


class GradebookWriter:
    """Writes the records of one assignment into one course; for who has them one by one.

    Args:
        assignment: the assignment they belong to.
        master: the instructor's notebook as JSON; its cells become the gradebook's cells.
        root: the course folder (nbgrader's `CourseDirectory.root`).
        db_url: SQLAlchemy URL of nbgrader's gradebook, one database for each course.
        autograded_dir: `CourseDirectory.autograded_directory`, relative to `root` or absolute.
        submitted_dir: where a submission's own secret is looked for, so that students can fetch their feedback.
        course_id: `CourseDirectory.course_id`.
        secret: course secret; makes the secret of submissions that came without one reproducible, else it is random.
        late: what lateness costs (see `nbgrader_course`); None leaves the penalties as they are.
        roster: who is in the class; None where whoever hands in is.

    Raises:
        GraderError: ``master-invalid`` (no such cells), ``gradebook-cells-changed`` (the master has other cells than
            the gradebook, which already has submissions), ``gradebook-unavailable`` (the database).
    """

    def __init__(
        self,
        assignment: Assignment,
        master: Mapping[str, Any],
        root: Path,
        *,
        db_url: str,
        autograded_dir: str | Path = "autograded",
        submitted_dir: str | Path = "submitted",
        course_id: str = "default_course",
        secret: bytes | None = None,
        late: LatePenalty | None = None,
        roster: Lookup | None = None,
    ) -> None:
        self.assignment = assignment
        self._roster = roster
        self._released = released_cells(master, assignment)
        self._autograded, self._submitted = root / autograded_dir, root / submitted_dir
        self._db_url, self._course_id, self._secret, self._late = db_url, course_id, secret, late
        _patiently(partial(self._released.save, db_url, course_id))

    def write(self, records: Iterable[GradeRecord]) -> SyncResult:
        """Bring the rows and folders of these records' students into agreement with the records.

        Args:
            records: at most one counts for each student: the one received last, then graded last.

        Raises:
            GraderError: ``gradebook-unavailable``.
        """
        chosen, refused = _choose(records, self.assignment, self._roster)
        done: list[str] = []
        unchanged: list[str] = []
        for record in chosen:
            try:
                before = written(self._autograded / record.student / self.assignment.id, self.assignment)
                changed = _patiently(partial(self._write, record, before))
            except GraderError as error:
                if error.code != "late-penalty-failed":
                    raise
                refused.append(Refusal(record.student, error.code, error.message))
            else:
                (done if changed else unchanged).append(record.student)
        return SyncResult(self.assignment.id, tuple(done), tuple(unchanged), tuple(refused))

    def _write(self, record: GradeRecord, before: Written | None) -> bool:
        place = Path(record.student, self.assignment.id)
        folder, given = self._autograded / place, self._submitted / place
        changed = write_autograded(record, self.assignment, self._released, folder, given, self._secret)
        rows = write_rows(record, self.assignment, self._released, self._db_url, self._course_id, self._late, before)
        return rows or changed


def sync(
    records: Iterable[GradeRecord], assignment: Assignment, master: Mapping[str, Any], root: Path, **options: Any
) -> SyncResult:
    """Bring the gradebook and ``autograded/`` into agreement with the records; see `GradebookWriter` for the rest."""
    return GradebookWriter(assignment, master, root, **options).write(records)


def _patiently(write: Callable[[], Any]) -> Any:
    """Write to the gradebook; wait and try again while formgrader or another grader is writing to it.

    Raises:
        GraderError: ``gradebook-unavailable``: it still does not work.
    """
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import SQLAlchemyError

    for pause in _PAUSE_SECONDS:
        try:
            return write()
        except (SQLAlchemyError, InvalidEntry) as error:
            if pause and _IN_THE_WAY.search(str(error)):
                time.sleep(pause)
                continue
            raise GraderError(
                "gradebook-unavailable",
                "성적부 데이터베이스를 쓸 수 없습니다. "
                "다른 프로그램이 쓰고 있지 않은지, 경로와 권한이 맞는지 확인하세요.",
                detail=f"{type(error).__name__}: {error}",
            ) from error
    return None


def _choose(
    records: Iterable[GradeRecord], assignment: Assignment, roster: Lookup | None
) -> tuple[list[GradeRecord], list[Refusal]]:
    """Return the record that counts for each student, and a refusal for each that must not be written."""
    latest: dict[str, GradeRecord] = {}
    refused: list[Refusal] = []
    for record in records:
        found = _refusal(record, assignment, roster)
        if found:
            refused.append(found)
        elif record.student not in latest or _order(record) >= _order(latest[record.student]):
            latest[record.student] = record
    return [latest[student] for student in sorted(latest)], refused


def _refusal(record: GradeRecord, assignment: Assignment, roster: Lookup | None) -> Refusal | None:
    if UNKNOWN in record.reasons or (roster is not None and roster(record.student) != record.student):
        message = "수강생 명단에 없는 이름이라 성적부에 쓰지 않습니다. 누구인지 `autograder who`로 알려 주세요."
        return Refusal(clean_text(record.student, 200), UNKNOWN, message)
    if record.environment.get("unsafe") is not False:
        message = "격리 없이 채점한 기록은 성적부에 쓰지 않습니다. 격리된 환경에서 다시 채점하세요."
        return Refusal(clean_text(record.student, 200), "unsafe-record", message)
    if record.assignment != assignment.id:
        message = f"'{assignment.id}' 과제의 기록이 아닙니다."
        return Refusal(clean_text(record.student, 200), "wrong-assignment", message)
    if not _is_folder_name(record.student):
        message = "학생 이름을 폴더 이름으로 쓸 수 없습니다. 명단의 이름을 확인하세요."
        return Refusal(clean_text(record.student, 200), "student-name", message)
    return None


def _is_folder_name(student: str) -> bool:
    """Say whether an id is one plain path component that means the same on every system."""
    return (
        0 < len(student.encode("utf-8", "replace")) <= 128
        and unicodedata.is_normalized("NFC", student)
        and clean_text(student) == student
        and student == student.strip()
        and not student.startswith(".")
        and not re.search(r'[/\\:*?"<>|\n\t{}\[\]]', student)
    )


def _order(record: GradeRecord) -> tuple[dt.datetime, dt.datetime]:
    never = dt.datetime.min
    return utc(record.received_at) or never, utc(record.graded_at) or never
