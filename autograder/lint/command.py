"""``autograder lint`` without its words: everything that can be wrong with an assignment's own files, in seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment_file import problems_of
from autograder.catalog import load_assignment, read_master, suites_dir
from autograder.errors import AssignmentError
from autograder.findings import Finding
from autograder.grading.identity import known_secret
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.secrets import trial_secret
from autograder.grading.slots import Slots
from autograder.lint.names import check_names
from autograder.lint.release import check_release
from autograder.lint.running import run_checks
from autograder.model import Assignment

__all__ = ["Linted", "assignment_ids", "lint"]


_MOST_JOBS = 8
"""Jobs at the same time: an assignment has about as many questions."""


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in one assignment; `secrets` is 0 where nothing of it was run."""

    assignment: str
    findings: tuple[Finding, ...]
    secrets: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "assignment": self.assignment,
            "findings": [finding.to_dict() for finding in self.findings],
            "secrets": self.secrets,
            "seconds": self.seconds,
        }


def assignment_ids() -> list[str]:
    """Return the id of every assignment, those whose file cannot be read among them."""
    return sorted(path.parent.name for path in suites_dir().glob("*/assignment.toml"))


def lint(
    ids: Sequence[str],
    *,
    root: Path,
    out: Path,
    secrets: int = 3,
    running: bool = True,
    show: Callable[[str], None] = lambda _: None,
) -> Iterator[Linted]:
    """Yield what is wrong with each of these assignments.

    What cannot be read is not run: a file's mistakes come first.

    Args:
        ids: assignment ids.
        root: the course root.
        out: the result folder; if it has a course secret, that is the first under which tests are run.
        secrets: under how many secrets each hidden test is run.
        running: run the instructor's and the students' notebooks; else only read.
        show: called with each id before it is looked at.

    Raises:
        AssignmentError: no such assignment (``assignment-unknown``).
        InfrastructureError, ConfinementError: nothing could be run here.
    """
    count = min(_MOST_JOBS, len(os.sched_getaffinity(0)))
    with Slots(count) as slots, ThreadPoolExecutor(count, thread_name_prefix="lint") as executor:
        for assignment_id in ids:
            show(assignment_id)
            started = time.monotonic()
            found, ran = _lint_one(assignment_id, root, out, secrets if running else 0, executor, slots)
            yield Linted(assignment_id, tuple(found), ran, round(time.monotonic() - started, 2))


def _lint_one(
    assignment_id: str, root: Path, out: Path, secrets: int, executor: Executor, slots: Slots
) -> tuple[list[Finding], int]:
    """Return the findings, and under how many secrets the tests were run."""
    try:
        assignment = load_assignment(assignment_id, root)
        master = read_master(assignment)
    except AssignmentError as error:
        if error.code == "assignment-unknown":
            raise
        path = suites_dir() / assignment_id / "assignment.toml"
        found = list(problems_of(path)) if error.code == "assignment-invalid" else []
        return found or [_said(error)], 0

    found = _read(assignment, master, root)
    if found or not secrets:
        return found, 0
    own = known_secret(out)
    drawn = [*([own] if own else []), *map(trial_secret, range(secrets))][:secrets]
    with closing(Ledger("sqlite://")) as unused:
        try:
            run = open_run(assignment, unused, drawn[0])
            return run_checks(run, executor, slots.grade, secrets=drawn[1:], parts=slots.count), len(drawn)
        except AssignmentError as error:
            return [_said(error)], 0


def _read(assignment: Assignment, master: dict[str, Any], root: Path) -> list[Finding]:
    from autograder.judge.suite import Suite  # torch and pytest: seconds that a mistake in the file above does not take

    found = list(Suite.examine(assignment))
    try:
        return [*found, *check_names(assignment, master), *check_release(assignment, root)]
    except AssignmentError as error:
        return [*found, _said(error)]


def _said(error: AssignmentError) -> Finding:
    return Finding(error.code, error.message, detail=error.detail)
