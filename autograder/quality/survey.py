"""Grades mutants and corpus through the real judge and sandbox, and holds what came of it.

Everything but the changed cell is the master's. Experiments and public checks are left out of the notebooks, they only
take time. A mutant is killed by the first hidden test of its question that it loses; one that never ends loses by its
limit. Limits are CPU seconds, several times what the reference just used on this machine: a busy machine kills no more.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook, iter_cases
from autograder.errors import AssignmentError
from autograder.grading.runs import NOTEBOOK_SEED, GradeJob, support_files
from autograder.intake import assemble, read_notebook
from autograder.intake.notebook import grade_id
from autograder.judge import SILENCE_SECONDS
from autograder.korean import with_particle
from autograder.model import Assignment, Limits, Submission
from autograder.quality.mutants import Key, Mutant, mutants_of
from autograder.quality.survivors import read_survivors

__all__ = ["CaseResult", "MutantResult", "Survey", "survey"]

MOST_UNJUSTIFIED = 0.05
"""Share of the mutants that may survive without a reason."""

_SECRET = "5eed" * 8
_PATIENT = Limits(
    cell_seconds=20.0, call_seconds=60.0, question_seconds=180.0, answers_seconds=500.0, notebook_seconds=500.0
)
_SLACK = 8.0
_LOST = ("failed", "blocked")


@dataclass(frozen=True, slots=True)
class MutantResult:
    """What became of one mutant.

    Args:
        key: which mutant.
        killed_by: the hidden test it lost, or "" if it survived.
        erred: tests that failed for a reason of their own (a person would have to look): they kill nothing.
        reason: why it may survive, from ``survivors.toml``, or "".
    """

    key: Key
    killed_by: str
    erred: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case of the corpus lost: names of tests, and points out of those graded."""

    case: Case
    lost: tuple[str, ...]
    points: float
    possible: float
    erred: tuple[str, ...] = ()

    @property
    def as_stated(self) -> bool:
        """It lost exactly the tests that it names."""
        return set(self.lost) == set(self.case.loses) and not self.erred


@dataclass(frozen=True, slots=True)
class Survey:
    """The result: mutants in order, cases of ``wrong/`` and ``right/``, reasons whose mutant is gone or is killed."""

    assignment: Assignment
    questions: tuple[str, ...]
    mutants: tuple[MutantResult, ...]
    wrong: tuple[CaseResult, ...] = ()
    right: tuple[CaseResult, ...] = ()
    stale: tuple[Key, ...] = ()

    @property
    def unjustified(self) -> tuple[MutantResult, ...]:
        """Mutants that survived without a reason."""
        return tuple(m for m in self.mutants if not m.killed_by and not m.reason)

    @property
    def passed(self) -> bool:
        """Enough mutants are killed or justified, and the whole corpus is graded as it says."""
        judged = sum(1 for m in self.mutants if not m.reason)
        enough = len(self.unjustified) <= MOST_UNJUSTIFIED * judged
        return enough and all(case.as_stated for case in (*self.wrong, *self.right))

    def to_dict(self) -> dict[str, dict[str, int]]:
        """Return what ``--json`` prints."""
        return {
            "mutants": {
                "total": len(self.mutants),
                "killed": sum(1 for m in self.mutants if m.killed_by),
                "justified": sum(1 for m in self.mutants if m.reason),
            },
            "wrong": {"total": len(self.wrong), "mismatched": sum(1 for c in self.wrong if not c.as_stated)},
            "alternatives": {"total": len(self.right), "failed": sum(1 for c in self.right if not c.as_stated)},
        }


def survey(
    assignment: Assignment,
    master: Mapping[str, Any],
    grade_job: GradeJob,
    *,
    questions: Sequence[str] = (),
    corpus: Path | None = None,
    slots: int = 1,
    show: Callable[[int, int], None] = lambda done, total: None,
) -> Survey:
    """Grade the mutants of the named questions (all, if none is named) and the corpus cases about them.

    Args:
        assignment: whose suite is surveyed.
        master: its notebook.
        grade_job: grades one job; called from `slots` threads at the same time.
        questions: ids of questions.
        corpus: the assignment's folder with ``wrong/`` and ``right/``, or None to leave it out.
        slots: number of threads.
        show: called with the number of submissions graded, and of all.

    Raises:
        AssignmentError: the reference itself loses a test (``reference-loses``), an unknown question
            (``question-unknown``), an unreadable corpus or ``survivors.toml``.
        GraderError: no mutation library (``mutation-library-missing``), or the grader's machinery failed.
    """
    chosen = _chosen(assignment, questions)
    bench = _Bench(assignment, master, grade_job)
    limits = _limits(assignment, bench.grade(Case("reference", "", "", (), "", ()), chosen, _PATIENT), chosen)
    mutants = [m for m in mutants_of(assignment, master) if m.key.question in chosen]
    reasons = {key: reason for key, reason in read_survivors(assignment.suite_dir).items() if key.question in chosen}
    cases = {kind: _cases(assignment, corpus, kind, chosen) for kind in ("wrong", "right")}
    total = len(mutants) + sum(map(len, cases.values()))

    def grade_mutant(mutant: Mutant) -> MutantResult:
        question = assignment.question(mutant.key.question)
        case = Case("mutant", "", question.id, (), "", (Edit("replace", question.solution_cell, mutant.source),))
        tests = bench.grade(case, (question.id,), limits[question.id], first_loss=True)
        killed_by = next((t["name"] for t in tests if t["outcome"] in _LOST), "")
        return MutantResult(mutant.key, killed_by, _erred(tests), "" if killed_by else reasons.get(mutant.key, ""))

    def grade_case(case: Case) -> CaseResult:
        tests = bench.grade(case, (case.question,) if case.question else chosen, _PATIENT)
        lost = [t for t in tests if t["outcome"] in _LOST]
        points, possible = (sum(t["points"] for t in some) for some in (lost, tests))
        return CaseResult(case, tuple(t["name"] for t in lost), points, possible, _erred(tests))

    done = 0

    def counted(results: Iterable[Any]) -> tuple[Any, ...]:
        nonlocal done
        kept = []
        for result in results:
            done += 1
            show(done, total)
            kept.append(result)
        return tuple(kept)

    show(0, total)
    with ThreadPoolExecutor(slots, thread_name_prefix="quality") as executor:
        try:
            results: tuple[MutantResult, ...] = counted(executor.map(grade_mutant, mutants))
            graded = {kind: counted(executor.map(grade_case, found)) for kind, found in cases.items()}
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    survived = {m.key for m in results if not m.killed_by}
    stale = tuple(key for key in reasons if key not in survived)
    return Survey(assignment, chosen, results, graded["wrong"], graded["right"], stale)


class _Bench:
    """Grades the notebooks of one assignment."""

    def __init__(self, assignment: Assignment, master: Mapping[str, Any], grade_job: GradeJob) -> None:
        self._assignment = assignment
        self._master = dict(master)
        self._grade_job = grade_job
        self._files = {name: base64.b64encode(data).decode("ascii") for name, data in support_files(assignment).items()}
        self._checks = {q.check_cell for q in assignment.questions if not q.manual}

    def grade(
        self, case: Case, questions: Sequence[str], limits: Limits, *, first_loss: bool = False
    ) -> list[dict[str, Any]]:
        """Return the outcomes of the tests of these questions."""
        quick = replace(case, edits=(Edit("drop", EXPERIMENTS), *case.edits))
        read, verdicts = read_notebook(json.dumps(build_notebook(quick, self._master)).encode())
        submission = Submission(case.name, self._assignment.id, "digest", read, case.name, verdicts=verdicts)
        notebook = assemble(submission, self._assignment, self._master).notebook
        cells = [c for c in notebook["cells"] if grade_id(c) not in self._checks]
        job = {
            "assignment": self._assignment.id,
            "suites": str(self._assignment.suite_dir.parent),
            "suite_hash": self._assignment.suite_hash,
            "notebook": {**notebook, "cells": cells},
            "files": self._files,
            "limits": replace(limits, memory_mb=self._assignment.limits.memory_mb).to_dict(),
            "seed": NOTEBOOK_SEED,
            "secret": _SECRET,
            "device": "cpu",
            "only": list(questions),
            "stop_at_first_loss": first_loss,
        }
        tests: list[dict[str, Any]] = self._grade_job(job, SILENCE_SECONDS)["tests"]
        return tests


def _chosen(assignment: Assignment, questions: Sequence[str]) -> tuple[str, ...]:
    known = [q.id for q in assignment.questions if not q.manual]
    if unknown := [name for name in questions if name not in known]:
        raise AssignmentError(
            "question-unknown",
            f"'{assignment.id}' 과제에 자동으로 채점하는 문항 {with_particle(', '.join(unknown), '이/가')} 없습니다.",
            detail=f"known: {', '.join(known)}",
        )
    return tuple(name for name in known if not questions or name in questions)


def _limits(assignment: Assignment, tests: Sequence[Mapping[str, Any]], questions: Sequence[str]) -> dict[str, Limits]:
    """Return the limits of each question's mutants, from what the reference used; it must lose nothing."""
    if lost := [f"{t['name']}: {t['outcome']}" for t in tests if t["outcome"] not in ("passed", "deferred")]:
        raise AssignmentError(
            "reference-loses",
            f"'{assignment.id}' 과제의 모범 답안이 숨은 테스트를 통과하지 못합니다. 먼저 테스트를 고치세요.",
            detail=", ".join(lost),
        )
    limits = {}
    for question in questions:
        seconds = [float(t["cpu_seconds"]) for t in tests if t["question"] == question]
        limits[question] = replace(
            _PATIENT,
            cell_seconds=10.0,
            call_seconds=max(3.0, _SLACK * max(seconds, default=0.0)),
            question_seconds=max(10.0, _SLACK * sum(seconds)),
        )
    return limits


def _cases(assignment: Assignment, corpus: Path | None, kind: str, questions: Sequence[str]) -> list[Case]:
    """Return the cases about these questions; one about all of them only if none is left out."""
    found = list(iter_cases(corpus / kind)) if corpus else []
    known = {q.id for q in assignment.questions if not q.manual}
    return [case for case in found if ({case.question} if case.question else known) <= set(questions)]


def _erred(tests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(t["name"] for t in tests if t["outcome"] == "error")
