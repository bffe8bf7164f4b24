"""Submissions of the corpus, built and graded by a real judge: what the corpus and the stability tests share."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.catalog import load_assignment, read_master
from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook, iter_cases
from autograder.grading.pipeline import support_files
from autograder.intake import assemble, read_notebook
from autograder.judge import Judge
from autograder.model import Assignment, Limits, Submission
from autograder.sandbox import ForkServer

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
IDS = sorted(folder.parent.name for folder in CORPUS.glob("*/wrong"))
PATIENT = Limits(
    cell_seconds=8.0, call_seconds=60.0, question_seconds=180.0, answers_seconds=500.0, notebook_seconds=500.0
)
"""Generous, because tests share the machine; what a class case does to time out is endless anyway."""

_assignment = lru_cache(load_assignment)
_master = lru_cache(read_master)


def cases(assignment_id: str, kind: str) -> list[Case]:
    """The cases of one folder of an assignment's corpus."""
    return list(iter_cases(CORPUS / assignment_id / kind))


def job_for(assignment_id: str, case: Case, *edits: Edit, only: Sequence[str] | None = None) -> dict[str, Any]:
    """The job that grades a case as the pipeline would; experiments are left out, they only take time."""
    assignment: Assignment = _assignment(assignment_id, ROOT)
    master = _master(assignment)
    quick = replace(case, edits=(Edit("drop", EXPERIMENTS), *edits, *case.edits))
    read, verdicts = read_notebook(json.dumps(build_notebook(quick, master)).encode())
    submission = Submission(case.name, assignment_id, "digest", read, case.name, verdicts=verdicts)
    return {
        "assignment": assignment_id,
        "suites": str(assignment.suite_dir.parent),
        "suite_hash": assignment.suite_hash,
        "notebook": assemble(submission, assignment, master).notebook,
        "files": {name: base64.b64encode(data).decode() for name, data in support_files(assignment).items()},
        "limits": replace(PATIENT, memory_mb=assignment.limits.memory_mb).to_dict(),
        "seed": 1,
        "secret": "5eed" * 8,
        "device": "cpu",
        "only": None if only is None else list(only),
    }


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    """Test name to outcome."""
    return {test["name"]: test["outcome"] for test in result["tests"]}


@contextmanager
def judges_of_their_own(count: int, *, hash_seed: int) -> Iterator[list[Judge]]:
    """Judges of one fork server of their own, whose hashes have this seed."""
    with ExitStack() as stack:
        server = stack.enter_context(ForkServer(hash_seed=hash_seed))
        yield [stack.enter_context(Judge(server)) for _ in range(count)]
