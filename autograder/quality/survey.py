"""Grades mutants and corpus through the real judge and sandbox, and holds what came of it.

Everything but the changed cell is the master's. A mutant is killed by the first hidden test of its question that it
loses; one that never ends loses by its limit. Limits are CPU seconds, several times what the reference just used on
this machine: a busy machine kills no more. The corpus and the reference may be graded under several secrets; mutants
are graded under the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.corpus import Case, Edit, iter_cases
from autograder.errors import AssignmentError
from autograder.grading.runs import GradeJob
from autograder.korean import with_particle
from autograder.model import Assignment, Limits
from autograder.quality.bench import LOST, PATIENT, Bench, CaseResult, erred, reference_case
from autograder.quality.hand import hand_rows, means_of
from autograder.quality.mutants import Key, Mutant, mutants_of
from autograder.quality.survivors import read_survivors

__all__ = ["CaseResult", "MutantResult", "Survey", "cases_about", "chosen_questions", "survey"]

MOST_UNJUSTIFIED = 0.05
"""Share of the mutants that may survive without a reason."""

_SLACK = 8.0


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
class Survey:
    """The result.

    Args:
        assignment: what was surveyed.
        questions: ids of the questions surveyed.
        mutants: of the reference's answers, in order.
        wrong: the cases of ``wrong/``.
        right: the cases of ``right/``.
        stale: reasons whose mutant is gone or is killed.
        reference: what the reference lost of each question, where there is more than one secret.
        secrets: under how many secrets the reference and the cases were graded.
    """

    assignment: Assignment
    questions: tuple[str, ...]
    mutants: tuple[MutantResult, ...]
    wrong: tuple[CaseResult, ...] = ()
    right: tuple[CaseResult, ...] = ()
    stale: tuple[Key, ...] = ()
    reference: tuple[CaseResult, ...] = ()
    secrets: int = 1

    @property
    def works(self) -> tuple[CaseResult, ...]:
        """Everything graded but the mutants."""
        return (*self.reference, *self.wrong, *self.right)

    @property
    def unjustified(self) -> tuple[MutantResult, ...]:
        """Mutants that survived without a reason."""
        return tuple(m for m in self.mutants if not m.killed_by and not m.reason)

    @property
    def passed(self) -> bool:
        """Enough mutants are killed or justified, and the whole corpus is graded as it says under every secret."""
        judged = sum(1 for m in self.mutants if not m.reason)
        enough = len(self.unjustified) <= MOST_UNJUSTIFIED * judged
        return enough and all(case.as_stated for case in self.works)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return what ``--json`` prints."""
        means = means_of(hand_rows(self.wrong))
        return {
            "by_hand": {} if means is None else dataclasses.asdict(means),
            "mutants": {
                "total": len(self.mutants),
                "killed": sum(1 for m in self.mutants if m.killed_by),
                "justified": sum(1 for m in self.mutants if m.reason),
            },
            "wrong": {"total": len(self.wrong), "mismatched": sum(1 for c in self.wrong if not c.as_stated)},
            "alternatives": {"total": len(self.right), "failed": sum(1 for c in self.right if not c.as_stated)},
            "secrets": {"total": self.secrets, "unsteady": sum(1 for c in self.works if c.unsteady)},
        }


def survey(
    assignment: Assignment,
    master: Mapping[str, Any],
    grade_job: GradeJob,
    *,
    questions: Sequence[str] = (),
    corpus: Path | None = None,
    secrets: int = 1,
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
        secrets: under how many secrets the reference and the corpus are graded.
        slots: number of threads.
        show: called with the number of submissions graded, and of all.

    Raises:
        AssignmentError: the reference itself loses a test (``reference-loses``), an unknown question
            (``question-unknown``), an unreadable corpus or ``survivors.toml``.
        GraderError: no mutation library (``mutation-library-missing``), or the grader's machinery failed.
    """
    chosen = chosen_questions(assignment, questions)
    bench = Bench(assignment, master, grade_job)
    limits = _limits(assignment, bench.grade(reference_case(), chosen, PATIENT), chosen)
    mutants = [m for m in mutants_of(assignment, master) if m.key.question in chosen]
    reasons = {key: reason for key, reason in read_survivors(assignment.suite_dir).items() if key.question in chosen}
    cases = {kind: cases_about(assignment, corpus, kind, chosen) for kind in ("wrong", "right")}
    cases["reference"] = [reference_case(name) for name in chosen] if secrets > 1 else []
    total = len(mutants) + sum(map(len, cases.values()))

    def grade_mutant(mutant: Mutant) -> MutantResult:
        question = assignment.question(mutant.key.question)
        case = Case("mutant", "", question.id, (), "", (Edit("replace", question.solution_cell, mutant.source),))
        tests = bench.grade(case, (question.id,), limits[question.id], first_loss=True)
        killed_by = next((t["name"] for t in tests if t["outcome"] in LOST), "")
        return MutantResult(mutant.key, killed_by, erred(tests), "" if killed_by else reasons.get(mutant.key, ""))

    def grade_case(case: Case) -> CaseResult:
        return bench.grade_case(case, (case.question,) if case.question else chosen, PATIENT, secrets=secrets)

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
    wrong, right, reference = graded["wrong"], graded["right"], graded["reference"]
    return Survey(assignment, chosen, results, wrong, right, stale, reference, secrets)


def chosen_questions(assignment: Assignment, questions: Sequence[str]) -> tuple[str, ...]:
    """Return the ids named, or of all questions that a program grades; raises AssignmentError."""
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
            PATIENT,
            cell_seconds=10.0,
            call_seconds=max(3.0, _SLACK * max(seconds, default=0.0)),
            question_seconds=max(10.0, _SLACK * sum(seconds)),
        )
    return limits


def cases_about(assignment: Assignment, corpus: Path | None, kind: str, questions: Sequence[str]) -> list[Case]:
    """Return the cases about these questions; one about all of them only if none is left out."""
    found = list(iter_cases(corpus / kind)) if corpus else []
    known = {q.id for q in assignment.questions if not q.manual}
    return [case for case in found if ({case.question} if case.question else known) <= set(questions)]
