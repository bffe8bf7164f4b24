"""Grades changed copies of the master through the real judge, and says what a case of the corpus lost.

Experiments and public checks are left out of the notebooks, they only take time. A notebook runs once; its tests run
under as many secrets as are asked for, each time in fresh branches of it.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook
from autograder.grading.runs import NOTEBOOK_SEED, GradeJob, support_files
from autograder.grading.secrets import trial_secret
from autograder.intake import assemble, read_notebook
from autograder.intake.notebook import grade_id
from autograder.judge import SILENCE_SECONDS
from autograder.model import Assignment, Limits, Submission
from autograder.plain import one_line

__all__ = ["LOST", "PATIENT", "Bench", "CaseResult", "erred", "reference_case"]

LOST = ("failed", "blocked")
"""Outcomes that cost points."""

PATIENT = Limits(
    cell_seconds=20.0, call_seconds=60.0, question_seconds=180.0, answers_seconds=500.0, notebook_seconds=500.0
)
"""Limits of works that are known to end."""

_SECRET = bytes.fromhex("5eed" * 8)
"""The first secret; the others are trial secrets from number 1 on."""

Tests = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case of the corpus lost.

    Args:
        case: which case.
        lost: names of the tests it lost under the first secret.
        points: points of these.
        possible: points of all tests that were run.
        erred: tests that failed for a reason of their own, under any secret.
        draws: names of the tests it lost under each further secret.
        reasons: the message of each test that it lost under the first secret.
    """

    case: Case
    lost: tuple[str, ...]
    points: float
    possible: float
    erred: tuple[str, ...] = ()
    draws: tuple[tuple[str, ...], ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_stated(self) -> bool:
        """It lost exactly the tests that it names, whatever the secret."""
        stated = set(self.case.loses)
        return all(set(lost) == stated for lost in (self.lost, *self.draws)) and not self.erred

    @property
    def always(self) -> tuple[str, ...]:
        """The tests that it lost under every secret."""
        return tuple(name for name in self.lost if all(name in lost for lost in self.draws))

    @property
    def unsteady(self) -> dict[str, int]:
        """The tests that it lost under some secrets and not under others, with the number of those that it lost."""
        every = (self.lost, *self.draws)
        counts = Counter(name for lost in every for name in lost)
        return {name: count for name, count in counts.items() if count < len(every)}


def reference_case(question: str = "") -> Case:
    """Return the master's own answers as a case, about one question or about all."""
    return Case("reference", "the master's own answers", question, (), "", ())


class Bench:
    """Grades the notebooks of one assignment.

    Args:
        assignment: whose suite grades.
        master: its notebook.
        grade_job: grades one job; may be called from several threads.
    """

    def __init__(self, assignment: Assignment, master: Mapping[str, Any], grade_job: GradeJob) -> None:
        self._assignment = assignment
        self._master = dict(master)
        self._grade_job = grade_job
        self._files = {name: base64.b64encode(data).decode("ascii") for name, data in support_files(assignment).items()}
        self._checks = {q.check_cell for q in assignment.questions if not q.manual}

    def grade(self, case: Case, questions: Sequence[str], limits: Limits, *, first_loss: bool = False) -> Tests:
        """Return the outcomes of the tests of these questions; with `first_loss`, up to the first that is lost."""
        return self._graded(case, questions, limits, stop_at_first_loss=first_loss)[0]

    def grade_case(
        self, case: Case, questions: Sequence[str], limits: Limits, *, secrets: int = 1, named: Sequence[str] = ()
    ) -> CaseResult:
        """Return what a case lost of these questions under each of so many secrets; of the named tests only, if any."""
        more_secrets = [trial_secret(number).hex() for number in range(1, secrets)]
        first, *more = self._graded(case, questions, limits, more_secrets=more_secrets, named=list(named) or None)
        lost = [t for t in first if t["outcome"] in LOST]
        points, possible = (sum(t["points"] for t in some) for some in (lost, first))
        failed = dict.fromkeys(name for tests in (first, *more) for name in erred(tests))
        reasons = {t["name"]: one_line(t.get("message") or t["outcome"], 200) for t in lost}
        return CaseResult(case, _names(first), points, possible, tuple(failed), tuple(map(_names, more)), reasons)

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the result of a job of this bench."""
        return self._grade_job(job, SILENCE_SECONDS)

    def job(self, case: Case, questions: Sequence[str], limits: Limits) -> dict[str, Any]:
        """Return the job that grades these questions of a case under the first secret."""
        quick = replace(case, edits=(Edit("drop", EXPERIMENTS), *case.edits))
        read, verdicts = read_notebook(json.dumps(build_notebook(quick, self._master)).encode())
        submission = Submission(case.name, self._assignment.id, "digest", read, case.name, verdicts=verdicts)
        notebook = assemble(submission, self._assignment, self._master).notebook
        cells = [c for c in notebook["cells"] if grade_id(c) not in self._checks]
        return {
            "assignment": self._assignment.id,
            "suites": str(self._assignment.suite_dir.parent),
            "suite_hash": self._assignment.suite_hash,
            "notebook": {**notebook, "cells": cells},
            "files": self._files,
            "limits": replace(limits, memory_mb=self._assignment.limits.memory_mb).to_dict(),
            "seed": NOTEBOOK_SEED,
            "secret": _SECRET.hex(),
            "device": "cpu",
            "only": list(questions),
        }

    def _graded(self, case: Case, questions: Sequence[str], limits: Limits, **options: Any) -> list[Tests]:
        """Return the tests' outcomes under the first secret, and under each further one that the options name."""
        job = {**self.job(case, questions, limits), "more_secrets": [], "stop_at_first_loss": False, **options}
        result = self.run(job)
        return [result["tests"], *(result["draws"] if job["more_secrets"] else ())]


def erred(tests: Tests) -> tuple[str, ...]:
    """Return the names of the tests that failed for a reason of their own: a person would have to look."""
    return tuple(t["name"] for t in tests if t["outcome"] == "error")


def _names(tests: Tests) -> tuple[str, ...]:
    return tuple(t["name"] for t in tests if t["outcome"] in LOST)
