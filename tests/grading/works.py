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
from autograder.grading.runs import support_files
from autograder.intake import assemble, read_notebook
from autograder.judge import Judge
from autograder.model import Assignment, Limits, Submission, Verdict
from autograder.sandbox import ForkServer

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
IDS = sorted(folder.parent.name for folder in CORPUS.glob("*/wrong"))

_master = lru_cache(read_master)


@lru_cache
def assignment_of(assignment_id: str) -> Assignment:
    """An assignment of this checkout."""
    return load_assignment(assignment_id, ROOT)


def master_of(assignment_id: str) -> dict[str, Any]:
    """The instructor's notebook of an assignment; not to be changed."""
    return _master(assignment_of(assignment_id))


def cases(assignment_id: str, kind: str) -> list[Case]:
    """The cases of one folder of an assignment's corpus."""
    return list(iter_cases(CORPUS / assignment_id / kind))


def job_for(assignment_id: str, case: Case, *edits: Edit, only: Sequence[str] | None = None) -> dict[str, Any]:
    """The job that grades a case as the pipeline would; experiments are left out, they only take time."""
    quick = replace(case, edits=(Edit("drop", EXPERIMENTS), *edits, *case.edits))
    return {**job_and_verdicts(assignment_id, quick)[0], "only": None if only is None else list(only)}


def job_and_verdicts(assignment_id: str, case: Case) -> tuple[dict[str, Any], tuple[Verdict, ...]]:
    """The job that grades a case with all its cells, and what intake and assembly say about it.

    The limits are the assignment's own, but for those that the case states.
    """
    assignment: Assignment = assignment_of(assignment_id)
    master = _master(assignment)
    read, verdicts = read_notebook(json.dumps(build_notebook(case, master)).encode())
    submission = Submission(case.name, assignment_id, "digest", read, case.name, verdicts=verdicts)
    assembled = assemble(submission, assignment, master)
    job = {
        "assignment": assignment_id,
        "suites": str(assignment.suite_dir.parent),
        "suite_hash": assignment.suite_hash,
        "notebook": assembled.notebook,
        "files": {name: base64.b64encode(data).decode() for name, data in support_files(assignment).items()},
        "limits": Limits.from_dict({**assignment.limits.to_dict(), **dict(case.limits)}).to_dict(),
        "seed": 1,
        "secret": "5eed" * 8,
        "device": "cpu",
        "only": None,
    }
    return job, tuple(dict.fromkeys((*verdicts, *assembled.verdicts)))


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    """Test name to outcome."""
    return {test["name"]: test["outcome"] for test in result["tests"]}


@contextmanager
def judges_of_their_own(count: int, *, hash_seed: int) -> Iterator[list[Judge]]:
    """Judges of one fork server of their own, whose hashes have this seed."""
    with ExitStack() as stack:
        server = stack.enter_context(ForkServer(hash_seed=hash_seed))
        yield [stack.enter_context(Judge(server)) for _ in range(count)]
