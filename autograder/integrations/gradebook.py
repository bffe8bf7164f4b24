"""Writes grade records into nbgrader: the gradebook's rows and the ``autograded/`` folders that formgrader opens.

Owns the translation of one `GradeRecord` into what ``nbgrader autograde`` would have left behind, so that formgrader,
``nbgrader generate_feedback``, ``release_feedback`` and ``export`` go on from there. Decided here:

- A score nobody knows is no score: cells without one get no `auto_score` and wait for a person. Never a zero of ours.
- A submission that could not be run gets its row, and a notebook with a note in Korean on top (its own, or the released
  one if it cannot be read), so that a grader sees it in formgrader; all its cells wait for a person.
- A person's work (`manual_score`, `manual_comment`, extra credit) is never written. When a later submission changes a
  cell that has a manual score, the cell is marked for another look, as nbgrader does.
- Records made without confinement, or that don't say, are refused (``unsafe-record``); one refusal stops no one else.
- Running it again with the same records changes nothing. Late penalties are left to nbgrader's own commands.

Files are written before the rows: interrupted in between, formgrader shows the submission as not yet autograded or as
waiting for a person, never as a zero, and the next run completes it. nbgrader takes about 3 s to import and is imported
inside functions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.grading.records import write_atomically
from autograder.integrations.release_cells import Released, released_cells
from autograder.model import Assignment, GradeRecord, Outcome, Question, RecordState
from autograder.report.sanitize import clean_text, neutral_markdown, sanitize_notebook

__all__ = ["Refusal", "SyncResult", "sync"]

_SECRET = re.compile(r"[0-9a-f]{128}")


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


def sync(
    records: Iterable[GradeRecord],
    assignment: Assignment,
    master: Mapping[str, Any],
    root: Path,
    *,
    db_url: str,
    autograded_dir: str | Path = "autograded",
    submitted_dir: str | Path = "submitted",
    course_id: str = "default_course",
    secret: bytes | None = None,
) -> SyncResult:
    """Bring the gradebook and ``autograded/`` into agreement with the records.

    Args:
        records: at most one counts for each student: the one received last, then graded last.
        assignment: the assignment they belong to.
        master: the instructor's notebook as JSON; its cells become the gradebook's cells.
        root: the course folder (nbgrader's `CourseDirectory.root`).
        db_url: SQLAlchemy URL of nbgrader's gradebook, one database for each course.
        autograded_dir: `CourseDirectory.autograded_directory`, relative to `root` or absolute.
        submitted_dir: where a submission's own secret is looked for, so that students can fetch their feedback.
        course_id: `CourseDirectory.course_id`.
        secret: course secret; makes the secret of submissions that came without one reproducible, else it is random.

    Raises:
        GraderError: ``master-invalid`` (no such cells), ``gradebook-cells-changed`` (the master has other cells than
            the gradebook, which already has submissions), ``gradebook-unavailable`` (the database).
    """
    from sqlalchemy.exc import SQLAlchemyError

    released = released_cells(master, assignment)
    chosen, refused = _choose(records, assignment)
    written: list[str] = []
    unchanged: list[str] = []
    try:
        released.save(db_url, course_id)
        for record in chosen:
            folder = root / autograded_dir / record.student / assignment.id
            given = root / submitted_dir / record.student / assignment.id
            changed = _write_files(record, assignment, released, folder, given, secret)
            changed |= _write_rows(record, assignment, released, db_url, course_id)
            (written if changed else unchanged).append(record.student)
    except SQLAlchemyError as error:
        raise GraderError(
            "gradebook-unavailable",
            "성적부 데이터베이스를 쓸 수 없습니다. 다른 프로그램이 쓰고 있지 않은지, 경로와 권한이 맞는지 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    return SyncResult(assignment.id, tuple(written), tuple(unchanged), tuple(refused))


def _choose(records: Iterable[GradeRecord], assignment: Assignment) -> tuple[list[GradeRecord], list[Refusal]]:
    """Return the record that counts for each student, and a refusal for each that must not be written."""
    latest: dict[str, GradeRecord] = {}
    refused: list[Refusal] = []
    for record in records:
        found = _refusal(record, assignment)
        if found:
            refused.append(found)
        elif record.student not in latest or _order(record) >= _order(latest[record.student]):
            latest[record.student] = record
    return [latest[student] for student in sorted(latest)], refused


def _refusal(record: GradeRecord, assignment: Assignment) -> Refusal | None:
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
    return _utc(record.received_at) or never, _utc(record.graded_at) or never


def _utc(stamp: str) -> dt.datetime | None:
    """Return an ISO 8601 time as nbgrader keeps times: UTC without an offset; None if there is none."""
    try:
        moment = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _write_files(
    record: GradeRecord,
    assignment: Assignment,
    released: Released,
    folder: Path,
    given: Path,
    secret: bytes | None,
) -> bool:
    """Write the notebook, ``timestamp.txt`` and ``submission_secret.txt``; returns whether anything changed."""
    moment = _utc(record.received_at)
    notebook = _autograded(record, assignment, released)
    files = {
        assignment.notebook: json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "submission_secret.txt": _submission_secret(record, folder, given, secret),
    }
    if moment:
        files["timestamp.txt"] = f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
    changed = False
    for name, text in files.items():
        if _read(folder / name) != text:
            write_atomically(folder / name, text)
            changed = True
    if not moment and (folder / "timestamp.txt").exists():
        (folder / "timestamp.txt").unlink()
        changed = True
    return changed


def _autograded(record: GradeRecord, assignment: Assignment, released: Released) -> dict[str, Any]:
    """Return the notebook formgrader shows: sanitised, the released cells' metadata, each graded cell once."""
    fatal = next((v for v in record.verdicts if v.fatal), None)
    if record.executed is not None:
        notebook = sanitize_notebook(record.executed)
        notebook["cells"] = released.adopt(notebook["cells"])
        whose = "아래는 학생이 제출한 노트북이며, 끝까지 실행되지 않았습니다."
    else:
        notebook = released.copy()
        whose = "아래는 학생의 것이 아니라 배포한 노트북입니다. 제출한 파일을 직접 확인하세요."
    if fatal or record.executed is None:
        reason = neutral_markdown(fatal.message, 500) if fatal else "실행된 노트북이 없습니다."
        note = f"**자동 채점하지 못한 제출물입니다.** {reason}\n\n{whose}"
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": "note", "metadata": {}, "source": note})
    notebook["metadata"]["autograder"] = {
        "digest": clean_text(record.digest, 64),
        "suite_hash": clean_text(record.suite_hash, 64),
        "grader_version": clean_text(record.grader_version, 40),
    }
    return notebook


def _submission_secret(record: GradeRecord, folder: Path, given: Path, secret: bytes | None) -> str:
    """Return 128 hex digits: the submission's own, else the one written before, else a new one."""
    for path in (given / "submission_secret.txt", folder / "submission_secret.txt"):
        found = (_read(path) or "").strip()
        if _SECRET.fullmatch(found):
            return found
    if secret is None:
        return secrets.token_hex(64)
    what = "\0".join(("submission-secret", record.assignment, record.student, record.digest))
    return hmac.new(secret, what.encode("utf-8"), hashlib.sha512).hexdigest()


def _write_rows(record: GradeRecord, assignment: Assignment, released: Released, db_url: str, course_id: str) -> bool:
    """Write one submission's rows in one transaction; returns whether anything changed."""
    from nbgrader.api import Gradebook, MissingEntry

    notebook = Path(assignment.notebook).stem
    with Gradebook(db_url, course_id) as gradebook:
        try:
            gradebook.find_student(record.student)
        except MissingEntry:
            gradebook.add_student(record.student)
        moment = _utc(record.received_at)
        new = False
        try:
            submission = gradebook.find_submission(assignment.id, record.student)
        except MissingEntry:
            submission = gradebook.add_submission(assignment.id, record.student, timestamp=moment)
            new = True
        again = not new and submission.timestamp != moment
        changed = _set(submission, timestamp=moment) or new
        for question in assignment.questions:
            grade = gradebook.find_grade(question.check_cell, notebook, assignment.id, record.student)
            score, waits = _grade(record, question, released)
            if grade.manual_score is not None:
                # A person has decided; ask for another look only if what they decided on has changed.
                waits = grade.needs_manual_grade or again or grade.auto_score != score
            changed |= _set(grade, auto_score=score, needs_manual_grade=waits)
            comment = gradebook.find_comment(question.solution_cell, notebook, assignment.id, record.student)
            changed |= _set(comment, auto_comment=_comment(record, question, released))
        gradebook.db.commit()
        return changed


def _set(row: Any, **values: Any) -> bool:
    """Set a row's fields; returns whether any was different."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _grade(record: GradeRecord, question: Question, released: Released) -> tuple[float | None, bool]:
    """Return a question's automatic score, None if there is none, and whether a person has to look."""
    if question.manual:
        if any(v.fatal for v in record.verdicts) or not _unanswered(record, question, released):
            return None, True
        return 0.0, False
    score = next((s for s in record.questions if s.question == question.id), None)
    if score is None or score.earned is None:
        return None, True
    return min(max(score.earned, 0.0), question.points), record.state is RecordState.NEEDS_STAFF


def _unanswered(record: GradeRecord, question: Question, released: Released) -> bool:
    """Say whether a written answer is there but blank or still the released text (nbgrader scores such a cell 0)."""
    cells = (record.executed or {}).get("cells")
    for cell in cells if isinstance(cells, list) else ():
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(own, dict) and own.get("grade_id") == question.solution_cell:
            text = clean_text(cell.get("source")).strip()
            return text in ("", clean_text(released.source(question.solution_cell)).strip())
    return False


def _comment(record: GradeRecord, question: Question, released: Released) -> str | None:
    """Return what a student reads beside the question, in nbgrader's feedback: short, Korean, rendered as markdown."""
    if any(v.fatal for v in record.verdicts):
        return None
    if question.manual:
        return "답이 적혀 있지 않습니다." if _unanswered(record, question, released) else None
    own = [t for t in record.tests if t.question == question.id and not t.badge]
    lost = [t for t in own if t.outcome in (Outcome.FAILED, Outcome.BLOCKED)]
    if any(t.outcome is Outcome.ERROR for t in own) or not own:
        return "조교가 확인하고 있습니다."
    if any(t.outcome is Outcome.DEFERRED for t in own):
        return "GPU 장비에서 채점하기를 기다리고 있습니다."
    if not lost:
        return "모든 테스트를 통과했습니다."
    lines = [f"테스트 {len(own)}개 가운데 {len(own) - len(lost)}개를 통과했습니다."]
    for test in lost[:3]:
        lines.append(f"- {_line(test.title)}: {_line(test.message)}" if test.message else f"- {_line(test.title)}")
    return "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(neutral_markdown(text, 300).split())


def _read(path: Path) -> str | None:
    """Return a file's text without following a link, None if there is none that can be read."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
