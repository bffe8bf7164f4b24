"""The gradebook's rows of one record: scores, comments, time and late penalty, as ``nbgrader autograde`` leaves them.

Everything of one submission is written in one transaction: there is never a new time beside an old score. A person's
work (`manual_score`, `manual_comment`, extra credit) is never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.integrations.autograded import Written, utc
from autograder.integrations.gradebook_roster import FOUND
from autograder.integrations.nbgrader_course import LatePenalty
from autograder.integrations.release_cells import Released
from autograder.model import NOT_BEGUN, Assignment, GradeRecord, Outcome, Question, RecordState
from autograder.report.sanitize import clean_text, neutral_markdown
from autograder.report.unbegun import is_unbegun
from autograder.report.words import expectation

__all__ = ["set_penalties", "write_rows"]


def write_rows(
    record: GradeRecord,
    assignment: Assignment,
    released: Released,
    db_url: str,
    course_id: str,
    late: LatePenalty | None = None,
    before: Written | None = None,
) -> bool:
    """Write one submission's rows; returns whether anything changed.

    Args:
        record: whose submission it is.
        assignment: the record's assignment.
        released: the cells students received.
        db_url: SQLAlchemy URL of the gradebook.
        course_id: nbgrader's id of the course.
        late: what lateness costs; None leaves the penalty as it is.
        before: what the submission's folder was written from until now. The identical work, handed in at another time,
            leaves a person's decisions as they are.

    Raises:
        GraderError: ``late-penalty-failed``; then nothing is written.
    """
    from nbgrader.api import Gradebook, MissingEntry

    notebook = released.notebook_id
    with Gradebook(db_url, course_id) as gradebook:
        try:
            gradebook.find_student(record.student)
        except MissingEntry:
            gradebook.add_student(record.student, lms_user_id=FOUND)
        moment = utc(record.received_at)
        new = False
        try:
            submission = gradebook.find_submission(assignment.id, record.student)
        except MissingEntry:
            submission = gradebook.add_submission(assignment.id, record.student, timestamp=moment)
            new = True
        again = not new and _is_other_work(record, before, submission.timestamp, moment)
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
        if late is not None:
            row = gradebook.find_submission_notebook(notebook, assignment.id, record.student)
            try:
                changed |= _set_penalty(gradebook.db, row, record.student, submission.total_seconds_late, late)
            except GraderError:
                gradebook.db.rollback()
                if new:  # nbgrader has committed the empty row, which would pass for a submission that waits
                    gradebook.remove_submission(assignment.id, record.student)
                raise
        gradebook.db.commit()
        return changed


def set_penalties(penalties: Mapping[str, float], assignment: Assignment, db_url: str, course_id: str) -> int:
    """Set the late penalties of these students, 0 for none; returns how many were different.

    Raises:
        GraderError: ``gradebook-unavailable``; then nothing is written.
    """
    from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    changed = 0
    try:
        with Gradebook(db_url, course_id) as gradebook:
            for student, points in penalties.items():
                try:
                    row = gradebook.find_submission_notebook(Path(assignment.notebook).stem, assignment.id, student)
                except MissingEntry:
                    continue
                changed += _set(row, late_submission_penalty=points or None)
            gradebook.db.commit()
    except (SQLAlchemyError, InvalidEntry) as error:
        raise GraderError(
            "gradebook-unavailable",
            "성적부에 감점을 쓸 수 없습니다. 다른 프로그램이 쓰고 있지 않은지, 경로와 권한이 맞는지 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    return changed


def _is_other_work(record: GradeRecord, before: Written | None, was: Any, moment: Any) -> bool:
    """Say whether a person's decisions may have been about another work than this record is of.

    The folder is believed only where its time is the row's: else a run was interrupted between the two.
    """
    if before is not None and before.digest and before.moment == was:
        return before.digest != record.digest
    return bool(was != moment)


def _set(row: Any, **values: Any) -> bool:
    """Set a row's fields; returns whether any was different."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _set_penalty(session: Any, row: Any, student: str, seconds: float, late: LatePenalty) -> bool:
    """Set a submission's penalty from its score as it stands now, manual scores included, as nbgrader does."""
    session.flush()
    session.expire(row)  # its score is computed by the database
    return _set(row, late_submission_penalty=late(student, float(row.score), seconds) if seconds > 0 else None)


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
    if is_unbegun(own):
        return NOT_BEGUN
    if not lost:
        return "모든 테스트를 통과했습니다."
    lines = [f"테스트 {len(own)}개 가운데 {len(own) - len(lost)}개를 통과했습니다."]
    for test in lost[:3]:
        title = _line(expectation(test.title, test.outcome))
        lines.append(f"- {title} {_line(test.message)}" if test.message else f"- {title}")
    return "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(neutral_markdown(text, 300).split())
