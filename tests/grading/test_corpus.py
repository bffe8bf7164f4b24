"""Every assignment's corpus through the real grader: a wrong submission loses exactly its tests, a right one none.

Experiments are left out of the notebooks, they only take time. The format of a case is tested in
``test_corpus_format.py``, the sample class in ``test_determinism.py``. Every day there are as many wrong submissions as
it takes for each hidden test to be lost, and two right ones a question; the others are the soak's, and ``autograder
quality``'s.
"""

from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.corpus import Case, loss_table
from autograder.judge import Judge
from tests.grading.works import CORPUS, IDS, ROOT, cases, job_for


def _cases(kind: str) -> list[Any]:
    found = []
    for i in IDS:
        every = cases(i, kind)
        daily = {case.name for case in (_cover(every) if kind == "wrong" else _styles(every))}
        for case in every:
            marks = [] if case.name in daily else [pytest.mark.soak]
            found.append(pytest.param(i, case, id=f"{i[:2]}-{case.name}", marks=marks))
    return found


def _styles(every: list[Case]) -> list[Case]:
    """The first two cases of each question, and the first whole notebook: these take the most time."""
    found: dict[str, list[Case]] = {}
    for case in every:
        found.setdefault(case.question, []).append(case)
    return [case for question, own in found.items() for case in own[: 2 if question else 1]]


def _cover(every: list[Case]) -> list[Case]:
    """The first case that is not about one question, and as few others as lose every hidden test (greedily found)."""
    chosen = [case for case in every if not case.question][:1]
    left = {test for case in every for test in case.loses}.difference(*(case.loses for case in chosen))
    while left:
        chosen.append(max(every, key=lambda case: len(left.intersection(case.loses))))
        left.difference_update(chosen[-1].loses)
    return chosen


@pytest.fixture
def judge(real_judge: Judge) -> Judge:
    return real_judge


def _grade(judge: Judge, assignment_id: str, case: Case) -> dict[str, Any]:
    only = [case.question] if case.question else None
    return judge.grade(job_for(assignment_id, case, only=only))


def _counted(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [test for test in result["tests"] if not test["badge"]]  # badges wait for a GPU


def _lost(result: dict[str, Any]) -> dict[str, str]:
    return {t["name"]: f"{t['outcome']}: {t['detail'][:500]}" for t in _counted(result) if t["outcome"] != "passed"}


@pytest.mark.parametrize(("assignment_id", "case"), _cases("wrong"))
def test_a_wrong_submission_loses_exactly_the_tests_it_names(judge: Judge, assignment_id: str, case: Case) -> None:
    result = _grade(judge, assignment_id, case)
    lost = _lost(result)
    assert set(lost) == set(case.loses), lost
    assert not [t for t in result["tests"] if t["outcome"] == "error"]


@pytest.mark.parametrize(("assignment_id", "case"), _cases("right"))
def test_a_right_submission_of_another_style_loses_nothing(judge: Judge, assignment_id: str, case: Case) -> None:
    result = _grade(judge, assignment_id, case)
    assert _lost(result) == {}
    assert result["tests"]


@pytest.mark.parametrize("assignment_id", IDS)
def test_each_question_has_four_wrong_and_two_right_cases(assignment_id: str) -> None:
    wrong, right = ([case.question for case in cases(assignment_id, kind)] for kind in ("wrong", "right"))
    for question in load_assignment(assignment_id, ROOT).questions:
        if not question.manual:
            assert wrong.count(question.id) >= 4, question.id
            assert right.count(question.id) >= 2, question.id


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_wrong_case_names_tests_that_exist_and_every_test_is_lost_by_one(assignment_id: str) -> None:
    tests = set()
    for path in load_assignment(assignment_id, ROOT).suite_dir.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                badge = any(isinstance(mark, ast.Name) and mark.id == "gpu" for mark in node.decorator_list)
                tests |= set() if badge else {node.name}
    named = [set(case.loses) for case in cases(assignment_id, "wrong")]
    assert all(named)
    assert set.union(*named) == tests
    assert set.union(*(set(case.loses) for case in _cover(cases(assignment_id, "wrong")))) == tests, "every day too"


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_class_has_at_least_three_whole_notebooks(assignment_id: str) -> None:
    assert sum(len(case.edits) >= 4 for case in cases(assignment_id, "class")) >= 3


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_notes_of_a_suite_hold_the_table_of_what_its_wrong_cases_lose(assignment_id: str) -> None:
    notes = load_assignment(assignment_id, ROOT).suite_dir / "NOTES.md"
    assert loss_table(CORPUS / assignment_id) in notes.read_text(encoding="utf-8")
