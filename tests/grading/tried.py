"""Suites that count as tried, for tests that are about something else than the trial of a suite."""

from __future__ import annotations

from pathlib import Path

from autograder.catalog import load_assignment
from autograder.grading.identity import course_secret, grader_version, secret_id
from autograder.grading.runs import support_files
from autograder.grading.trial import Trial, keep, key_of
from autograder.model import Assignment


def keep_passed(out: Path, assignment: Assignment, *, secret: bytes | None = None, unsafe: bool = False) -> None:
    """Keep in a result folder that this suite has passed, under the folder's own secret or another."""
    version = grader_version() + ("+unsafe" if unsafe else "")
    key = key_of(assignment, version, secret_id(secret or course_secret(out)), support_files(assignment))
    keep(out, Trial(assignment.id, key, "", "", "", "2026-03-02T10:00:00+09:00", 0.0))


def keep_all_passed(out: Path, *ids: str, root: Path | None = None) -> None:
    """The same for some assignments by id."""
    for assignment_id in ids:
        keep_passed(out, load_assignment(assignment_id, root))
