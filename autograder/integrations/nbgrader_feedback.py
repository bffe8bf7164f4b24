"""The feedback page of a submission with what the gradebook adds: manual scores and comments, late penalty, total.

nbgrader's feedback step, formgrader's button and the service all write this page. It takes the place of nbgrader's own
template, which loads scripts from the network and shows the notebook as it is.
"""

from __future__ import annotations

from pathlib import Path

from autograder.model import Assignment, GradeRecord
from autograder.report import feedback_html
from autograder.report.sanitize import clean_text
from autograder.report.standing import Mark, Standing

__all__ = ["feedback_page", "gradebook_entry"]


def feedback_page(record: GradeRecord, assignment: Assignment, entry: Standing | None) -> str:
    """Return a student's feedback as a self-contained HTML page: no script, no request, a strict policy.

    Args:
        record: what the grader found.
        assignment: the record's assignment.
        entry: what the gradebook says of it (see `gradebook_entry`), None if it is not there.
    """
    return feedback_html(record, assignment, entry)


def gradebook_entry(assignment: Assignment, student: str, *, db_url: str, course_id: str) -> Standing | None:
    """Return what the gradebook says of a student's submission, None if it has none.

    Args:
        assignment: the assignment.
        student: the student's id.
        db_url: SQLAlchemy URL of the gradebook.
        course_id: nbgrader's id of the course.
    """
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(db_url, course_id) as gradebook:
        try:
            row = gradebook.find_submission_notebook(Path(assignment.notebook).stem, assignment.id, student)
        except MissingEntry:
            return None
        grades = {grade.name: grade for grade in row.grades}
        comments = {comment.name: comment for comment in row.comments}
        marks = {}
        for question in assignment.questions:
            grade, comment = grades.get(question.check_cell), comments.get(question.solution_cell)
            if grade is None:
                continue
            points = grade.auto_score if grade.manual_score is None else grade.manual_score
            said = comment and (comment.manual_comment or (comment.auto_comment if question.manual else ""))
            marks[question.id] = Mark(
                score=None if points is None else float(points) + float(grade.extra_credit or 0.0),
                by_hand=grade.manual_score is not None or bool(grade.extra_credit),
                waits=bool(grade.needs_manual_grade),
                comment=clean_text(said or ""),
            )
        return Standing(marks, float(row.max_score), float(row.late_submission_penalty or 0.0))
