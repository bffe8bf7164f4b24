"""The feedback page of a submission with what the gradebook adds: manual scores and comments, late penalty, total.

nbgrader's feedback step, formgrader's button and the service all write this page. It takes the place of nbgrader's own
template, which loads scripts from the network and shows the notebook as it is.
"""

from __future__ import annotations

from autograder.errors import GraderError
from autograder.integrations.totals import read_totals, standing_of
from autograder.model import Assignment, GradeRecord
from autograder.report import feedback_html
from autograder.report.standing import Standing

__all__ = ["feedback_page", "gradebook_entry"]


def feedback_page(record: GradeRecord, assignment: Assignment, entry: Standing | None, *, way_back: str = "") -> str:
    """Return a student's feedback as a self-contained HTML page: no script, no request, a strict policy.

    Args:
        record: what the grader found.
        assignment: the record's assignment.
        entry: what the gradebook says of it (see `gradebook_entry`), None if it is not there.
        way_back: address of the page that this one is opened from, "" if it is no part of a site.
    """
    return feedback_html(record, assignment, entry, way_back=way_back)


def gradebook_entry(assignment: Assignment, student: str, *, db_url: str) -> Standing | None:
    """Return what the gradebook says of a student's submission, None if it has none.

    Args:
        assignment: the assignment.
        student: the student's id.
        db_url: SQLAlchemy URL of the gradebook.

    Raises:
        GraderError: ``gradebook-unavailable``.
    """
    try:
        found = read_totals(db_url, [assignment.id], student=student)[1][assignment.id]
    except GraderError as error:
        if error.code == "gradebook-unavailable":
            raise
        return None
    return standing_of(found, student, assignment) if student in found.standings else None
