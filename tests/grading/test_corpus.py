"""Every assignment's corpus through the real grader: a wrong submission loses exactly its tests, a right one none.

Experiments are left out of the notebooks, they only
take time. The format of a case is tested in ``test_corpus_format.py``.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook, iter_cases, loss_table
from autograder.grading.pipeline import support_files
from autograder.intake import assemble, read_notebook
from autograder.judge import Judge
from autograder.model import Assignment, Limits, Submission

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / "tests" / "corpus"
PATIENT = Limits(cell_seconds=8.0, call_seconds=60.0, question_seconds=180.0, submission_seconds=500.0)
"""Generous, because tests share the machine; what a class case does to time out is endless anyway."""


def _cases(kind: str) -> list[Any]:
    found = [(folder.parent.name, case) for folder in sorted(CORPUS.glob(f"*/{kind}")) for case in iter_cases(folder)]
    return [pytest.param(name, case, id=f"{name[:2]}-{case.name}") for name, case in found]


@pytest.fixture
def judge(real_judge: Judge) -> Judge:
    return real_judge


def _grade(judge: Judge, assignment_id: str, case: Case) -> tuple[Assignment, dict[str, Any]]:
    assignment = load_assignment(assignment_id, ROOT)
    master = read_master(assignment)
    quick = replace(case, edits=(Edit("drop", EXPERIMENTS), *case.edits))
    read, verdicts = read_notebook(json.dumps(build_notebook(quick, master)).encode())
    submission = Submission(case.name, assignment_id, "digest", read, case.name, verdicts=verdicts)
    job = {
        "assignment": assignment_id,
        "suites": str(assignment.suite_dir.parent),
        "notebook": assemble(submission, assignment, master).notebook,
        "files": {name: base64.b64encode(data).decode() for name, data in support_files(assignment).items()},
        "limits": replace(PATIENT, memory_mb=assignment.limits.memory_mb).to_dict(),
        "seed": 1,
        "secret": "5eed" * 8,
        "device": "cpu",
        "only": [case.question] if case.question else None,
    }
    return assignment, judge.grade(job, deadline=600)


def _lost(result: dict[str, Any]) -> dict[str, str]:
    return {t["name"]: f"{t['outcome']}: {t['detail'][:500]}" for t in result["tests"] if t["outcome"] != "passed"}


@pytest.mark.parametrize(("assignment_id", "case"), _cases("wrong"))
def test_a_wrong_submission_loses_exactly_the_tests_it_names(judge: Judge, assignment_id: str, case: Case) -> None:
    _, result = _grade(judge, assignment_id, case)
    lost = _lost(result)
    assert set(lost) == set(case.loses), lost
    assert not [t for t in result["tests"] if t["outcome"] == "error"]


@pytest.mark.parametrize(("assignment_id", "case"), _cases("right"))
def test_a_right_submission_of_another_style_loses_nothing(judge: Judge, assignment_id: str, case: Case) -> None:
    _, result = _grade(judge, assignment_id, case)
    assert _lost(result) == {}
    assert result["tests"]


@pytest.mark.parametrize(("assignment_id", "case"), _cases("class"))
def test_a_student_of_the_sample_class_gets_the_stated_score(judge: Judge, assignment_id: str, case: Case) -> None:
    assignment, result = _grade(judge, assignment_id, case)
    errors = [t for t in result["tests"] if t["outcome"] == "error"]
    assert not errors
    assert sum(t["points"] for t in result["tests"] if t["outcome"] == "passed") == float(case.expect), _lost(result)
    assert sum(t["points"] for t in result["tests"]) == assignment.points


@pytest.mark.parametrize("folder", sorted(p for p in CORPUS.glob("*") if (p / "wrong").is_dir()), ids=lambda p: p.name)
def test_each_question_has_four_wrong_and_two_right_cases(folder: Path) -> None:
    questions = [q for q in load_assignment(folder.name, ROOT).questions if not q.manual]
    wrong, right = ([case.question for case in iter_cases(folder / kind)] for kind in ("wrong", "right"))
    for question in questions:
        assert wrong.count(question.id) >= 4, question.id
        assert right.count(question.id) >= 2, question.id


@pytest.mark.parametrize("folder", sorted(p for p in CORPUS.glob("*") if (p / "wrong").is_dir()), ids=lambda p: p.name)
def test_every_wrong_case_names_tests_that_exist_and_every_test_is_lost_by_one(folder: Path) -> None:
    suite = load_assignment(folder.name, ROOT).suite_dir
    text = "".join(path.read_text(encoding="utf-8") for path in suite.glob("test_*.py"))
    tests = {line.split("(")[0].removeprefix("def ") for line in text.splitlines() if line.startswith("def test_")}
    named = {name for case in iter_cases(folder / "wrong") for name in case.loses}
    assert all(case.loses for case in iter_cases(folder / "wrong"))
    assert named == tests


@pytest.mark.parametrize("folder", sorted(CORPUS.glob("*/wrong")), ids=lambda path: path.parent.name)
def test_the_notes_of_a_suite_hold_the_table_of_what_its_wrong_cases_lose(folder: Path) -> None:
    notes = load_assignment(folder.parent.name, ROOT).suite_dir / "NOTES.md"
    assert loss_table(folder.parent) in notes.read_text(encoding="utf-8")
