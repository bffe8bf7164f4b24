"""One run over an assignment's submissions: what all of them share, and the job that a judge is sent for each.

`open_run` is the one way to put a run together: the command, the service, nbgrader's plug-in and Gradescope's container
all begin with it. Owns `Run` and the form of a job; refuses to grade (that is `pipeline`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, partial
from typing import Any

from autograder.catalog import read_master, tests_hash
from autograder.grading.identity import grader_version, secret_id
from autograder.grading.ledger import JobKey, Ledger, worker_name
from autograder.intake.belonging import Fingerprint, fingerprints_beside
from autograder.intake.put_off import NOTHING, PutOff
from autograder.marks import FiguresState, with_figures
from autograder.model import Assignment

__all__ = ["NOTEBOOK_SEED", "Figures", "GradeJob", "Run", "figures_job", "job_of", "open_run", "support_files"]

NOTEBOOK_SEED = 20260901
"""Seed of random, numpy and torch at the start of every notebook."""


class Figures(StrEnum):
    """When the outputs of cells are made that are not run before the score. The score is the same with each."""

    AFTER = "after"
    NOW = "now"
    NEVER = "never"


GradeJob = Callable[[dict[str, Any], float], dict[str, Any]]
"""Grades one job (see `autograder.judge`), however long it takes, and returns its result. The number is the silence, in
seconds, after which its judge is given up."""


@dataclass(slots=True)
class Run:
    """What one run needs besides the submissions.

    Args:
        assignment: the assignment graded.
        master: the instructor's notebook as JSON.
        files: support files that lie beside the notebook, by relative name.
        ledger: where rows are kept.
        key: suite, grader, secret and device of this run.
        secret: the course secret.
        owner: this worker's name in leases.
        regrade: grade again what is already graded.
        unsafe: student code runs unconfined (debugging); records say so.
        tests_hash: `catalog.tests_hash` of the suite: a judge that has another one refuses.
        figures: when the outputs of cells are made that are not run before the score.
        others: what the course's other assignments are known by, read when first needed.
    """

    assignment: Assignment
    master: dict[str, Any]
    files: dict[str, bytes]
    ledger: Ledger
    key: JobKey
    secret: bytes
    owner: str
    regrade: bool = False
    unsafe: bool = False
    tests_hash: str = ""
    figures: Figures = Figures.AFTER
    others: Callable[[], Sequence[Fingerprint]] = field(init=False)

    def __post_init__(self) -> None:
        self.others = cache(partial(fingerprints_beside, self.assignment))


def open_run(
    assignment: Assignment,
    ledger: Ledger,
    secret: bytes,
    *,
    owner: str | None = None,
    regrade: bool = False,
    unsafe: bool = False,
    figures: Figures = Figures.AFTER,
) -> Run:
    """Return a run over an assignment's submissions, its files read once, as they are now.

    Args:
        assignment: the assignment to grade.
        ledger: where rows are kept.
        secret: the course secret.
        owner: name in leases; a new one of this process if None.
        regrade: grade again what is already graded.
        unsafe: student code runs unconfined (debugging); records say so.
        figures: when the outputs of cells are made that are not run before the score.

    Raises:
        AssignmentError: there is no readable master notebook (``master-missing``, ``master-unreadable``).
    """
    version = grader_version() + ("+unsafe" if unsafe else "")
    return Run(
        assignment=assignment,
        master=read_master(assignment),
        files=support_files(assignment),
        ledger=ledger,
        key=JobKey(assignment.suite_hash, version, secret_id(secret), "cpu"),
        secret=secret,
        owner=owner or worker_name(),
        regrade=regrade,
        unsafe=unsafe,
        tests_hash=tests_hash(assignment.suite_dir),
        figures=figures,
    )


def support_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the files beside the master notebook (public checks, data), by name relative to it."""
    if assignment.master is None:
        return {}
    folder = assignment.master.parent
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in (".ipynb", ".pyc")
        and not any(p.startswith(".") for p in path.parts[-2:])
    }


def job_of(
    run: Run, notebook: dict[str, Any], waiting: PutOff = NOTHING, *, device: str = "cpu", badges: bool = False
) -> dict[str, Any]:
    """Return the job that grades an assembled notebook, in the form of `autograder.judge.run.Job`.

    `waiting` are the cells that are left out (see `autograder.intake.put_off`).
    """
    assignment = run.assignment
    return {
        "assignment": assignment.id,
        "suites": str(assignment.suite_dir.parent),
        "suite_hash": assignment.suite_hash,
        "tests_hash": run.tests_hash,
        "grader_version": grader_version(),
        "notebook": notebook,
        "put_off": {"cells": list(waiting.cells), "names": sorted(waiting.names)},
        "files": {name: base64.b64encode(data).decode("ascii") for name, data in run.files.items()},
        "limits": assignment.limits.to_dict(),
        "seed": NOTEBOOK_SEED,
        "secret": run.secret.hex(),
        "device": device,
        "only": None,
        "badges": badges,
    }


def figures_job(run: Run, executed: dict[str, Any]) -> dict[str, Any]:
    """Return the job that runs an executed notebook again, whole and in order, and asks it nothing."""
    bare = with_figures(executed, FiguresState.COMPLETE)
    cells = [{**cell, "outputs": []} if cell["cell_type"] == "code" else cell for cell in bare["cells"]]
    return {**job_of(run, {**bare, "cells": cells}), "only": []}
