"""The same work gets the same score: graded again and again, on a busy machine, with other threads and other hashes.

In every round a new fork server has another hash seed; every second round the notebooks ask for two threads of torch,
and every third round two processes keep the machine busy. ``STABILITY_ROUNDS`` sets the rounds of the long test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import pytest

from autograder.corpus import Case, Edit
from autograder.judge import Judge
from tests.grading.load import spinners
from tests.grading.works import IDS, cases, job_for, judges_of_their_own, outcomes

ROUNDS = int(os.environ.get("STABILITY_ROUNDS", "50"))
FIRST = int(os.environ.get("STABILITY_FIRST", "1"))
"""50 rounds of six works of five assignments are 1,500 regrades."""

TWO_THREADS = Edit("after", "setup", "import torch\ntorch.set_num_threads(2)")


def works(assignment_id: str) -> list[Case]:
    """The reference, and five submissions that are partly right."""
    partly = [case for case in cases(assignment_id, "class") if 0 < float(case.expect or 0) < 100]
    partly += cases(assignment_id, "wrong")[:: max(1, len(cases(assignment_id, "wrong")) // 5)]
    reference = Case("reference", "the instructor's own", "", (), "100", ())
    return [reference, *partly[:5]]


def grade(judge: Judge, assignment_id: str, case: Case, *edits: Edit) -> dict[str, str]:
    return outcomes(judge.grade(job_for(assignment_id, case, *edits)))


@pytest.mark.parametrize(
    "assignment_id", [IDS[1], *(pytest.param(i, marks=pytest.mark.soak) for i in IDS if i != IDS[1])]
)
def test_two_threads_and_other_hashes_change_no_outcome(
    real_judge: Judge, other_judge: Judge, assignment_id: str
) -> None:
    case = works(assignment_id)[1]
    assert grade(real_judge, assignment_id, case) == grade(other_judge, assignment_id, case, TWO_THREADS)


@pytest.fixture(scope="module")
def other_judge() -> Iterator[Judge]:
    with judges_of_their_own(1, hash_seed=1) as (judge,):
        yield judge


@pytest.mark.soak
def test_no_outcome_changes_in_a_thousand_regrades(real_judge: Judge) -> None:
    todo = [(assignment_id, case) for assignment_id in IDS for case in works(assignment_id)]
    first = {(i, case.name): grade(real_judge, i, case) for i, case in todo}
    assert all("passed" in found.values() for found in first.values())
    changed = []
    for number in range(FIRST, ROUNDS + 1):
        edits = [TWO_THREADS] if number % 2 else []
        with spinners(0 if number % 3 else 2), judges_of_their_own(2, hash_seed=number) as judges:
            for (i, case), found in zip(todo, graded_by(judges, todo, *edits), strict=True):
                changed += [(number, i, case.name, name) for name in found if found[name] != first[i, case.name][name]]
        print(
            f"round {number}: {(number - FIRST + 1) * len(todo)} regrades, {len(changed)} changed outcomes", flush=True
        )
    assert changed == []


def graded_by(judges: list[Judge], todo: list[tuple[str, Case]], *edits: Edit) -> list[dict[str, str]]:
    """Grade on all judges at the same time; the outcomes are in the order of the works."""
    idle: SimpleQueue[Judge] = SimpleQueue()
    for judge in judges:
        idle.put(judge)

    def one(work: tuple[str, Case]) -> dict[str, str]:
        judge = idle.get()
        try:
            return grade(judge, *work, *edits)
        finally:
            idle.put(judge)

    with ThreadPoolExecutor(len(judges)) as executor:
        return list(executor.map(one, todo))
