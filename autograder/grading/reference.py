"""The instructor's own answers as a submission: what a suite is tried with before it meets a student.

Owns the notebook that is graded for it. `lint` and `trial` send it to a judge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook
from autograder.errors import AssignmentError
from autograder.intake import assemble, read_notebook
from autograder.intake.notebook import grade_id
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.model import Assignment, Submission

__all__ = ["reference_notebook"]


def reference_notebook(assignment: Assignment, master: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return the notebook of a student who hands in the instructor's answers, assembled for grading.

    Args:
        assignment: whose notebook it is.
        master: the instructor's notebook.
        whole: keep experiments and instant checks; without them it takes a moment only, and most suites need neither.

    Raises:
        AssignmentError: the master lacks what a submission must have (``master-unfit``, ``master-invalid``).
    """
    edits = () if whole else (Edit("drop", EXPERIMENTS),)
    case = Case("reference", "", "", (), "", edits)
    read, verdicts = read_notebook(json.dumps(build_notebook(case, master)).encode())
    submission = Submission("reference", assignment.id, "reference", read, assignment.notebook, verdicts=verdicts)
    assembled = assemble(submission, assignment, dict(master))
    for verdict in (*verdicts, *assembled.verdicts):
        if verdict.fatal or verdict.code in NOTHING_TO_GRADE:
            raise AssignmentError(
                "master-unfit",
                f"'{assignment.id}' 과제의 원본 노트북은 제출물로 채점할 수 없습니다: {verdict.message}",
                detail=f"{assignment.notebook}: {verdict.code} {verdict.cell or ''} {verdict.detail}",
            )
    if whole:
        return assembled.notebook
    checks = {question.check_cell for question in assignment.questions if not question.manual}
    cells = [cell for cell in assembled.notebook["cells"] if grade_id(cell) not in checks]
    return {**assembled.notebook, "cells": cells}
