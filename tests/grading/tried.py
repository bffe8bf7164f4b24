"""Suites that count as tried, for tests that are about something else than the trial of a suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.catalog import load_assignment
from autograder.grading.identity import SECRET_VARIABLE, course_secret, grader_version, secret_id
from autograder.grading.runs import support_files
from autograder.grading.trial import Trial, keep, key_of


def keep_passed(
    out: Path, assignment_id: str, root: Path | None = None, *, suites: Path | None = None, secret: bytes | None = None
) -> None:
    """Keep in a result folder that a suite has passed, under the folder's own secret or another.

    Args:
        out: the result folder.
        assignment_id: whose suite it is.
        root: the course root.
        suites: the folder of all suites, if another than this process's.
        secret: the course secret, if another than this process's.
    """
    with pytest.MonkeyPatch.context() as patch:
        if suites is not None:
            patch.setenv("AUTOGRADER_SUITES", str(suites))
        assignment = load_assignment(assignment_id, root)
    drawn = secret or os.environ.get(SECRET_VARIABLE, "").encode() or course_secret(out)
    key = key_of(assignment, grader_version(), secret_id(drawn), support_files(assignment))
    keep(out, Trial(assignment_id, key, "", "", "", "2026-03-02T10:00:00+09:00", 0.0))
