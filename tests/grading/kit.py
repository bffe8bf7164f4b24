"""A course of one small assignment with two questions, whose files a test can spoil one by one."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.trial import admit
from autograder.judge import Judge

ID = "tiny"
SECRET = b"a secret of these tests"

TOML = """\
title = "작은 과제"
notebook = "tiny.ipynb"
points = 20

[[questions]]
id = "q1"
title = "두 배"
points = 10
names = ["double"]

[[questions]]
id = "q2"
title = "합"
points = 10
names = ["total"]
"""
TEST_Q1 = '''\
"""Two times."""

import pytest
import torch

from autograder.judge import expect, points, require


def answer(student, reference, xs):
    given = student.double(xs)  # helper
    return expect(given)


@pytest.fixture
def xs(student, rng):
    drawn = torch.from_numpy(rng.normal(size=5))  # fixture
    return drawn


@points(6)
def test_q1_doubles(student, reference, rng, xs):
    """두 배를 구합니다."""
    answer(student, reference, xs).close_to(reference.double(xs))  # test


@points(4)
def test_q1_zero(student):
    """0의 두 배는 0입니다."""
    expect(student.double(torch.zeros(3))).close_to(torch.zeros(3))
'''
TEST_Q2 = '''\
"""Sums."""

import torch

from autograder.judge import expect, leans_on, points

pytestmark = leans_on("double")


@points(10)
def test_q2_sums(student, rng):
    """두 배의 합을 구합니다."""
    xs = torch.from_numpy(rng.normal(size=4))
    expect(student.total(xs)).close_to(2 * xs.sum())
'''
FILES = {
    "assignment.toml": TOML,
    "test_q1.py": TEST_Q1,
    "test_q2.py": TEST_Q2,
    "reference.py": '"""Answers."""\n\n\ndef double(x):\n    return 2 * x\n',
    "probes.py": '"""Probes."""\n\n\ndef stand_in_double(x):\n    return 2 * x\n',
}
DOUBLE = "def double(x):\n    return 2 * x"
TOTAL = "def total(xs):\n    return sum(double(x) for x in xs)"


class Kit:
    """A course of one small assignment, and what grades it."""

    def __init__(self, root: Path, judge: Judge) -> None:
        self.root = root
        self.out = root / "graded"
        self.judge = judge
        self.jobs: list[dict[str, Any]] = []
        self.suite = root / "suites" / ID
        self.suite.mkdir(parents=True)
        for name, text in FILES.items():
            (self.suite / name).write_text(text, encoding="utf-8")
        self.master({"q1": DOUBLE, "q2": TOTAL})

    def master(self, answers: dict[str, str], experiment: str = "print('실험')") -> None:
        cells = [new_markdown_cell("# 과제", metadata=_marks("title", locked=True))]
        cells.append(new_code_cell("import torch", metadata=_marks("setup", locked=True)))
        for question, source in answers.items():
            text = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
            cells.append(new_code_cell(text, metadata=_marks(question, solution=True)))
            check = _marks(f"{question}-check", grade=True, locked=True, points=10)
            cells.append(new_code_cell(f'check("{question}")', metadata=check))
            if experiment:
                cells.append(new_code_cell(experiment))
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"
        folder = self.root / "solutions" / ID
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tiny.ipynb").write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.suite / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def grade_job(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        self.jobs.append(job)
        return self.judge.grade(job, silence=silence)

    def admit(self, grade_job: Any = None, *, secret: bytes = SECRET, again: bool = False) -> None:
        ledger = Ledger(self.root / "ledger.db")
        try:
            run = open_run(load_assignment(ID, self.root), ledger, secret)
            with ThreadPoolExecutor(1) as executor:
                admit(run, self.out, executor, grade_job or self.grade_job, again=again)
        finally:
            ledger.close()

    def refusal(self) -> AssignmentError:
        with pytest.raises(AssignmentError) as caught:
            self.admit()
        return caught.value


def _marks(grade_id: str, **flags: Any) -> dict[str, Any]:
    plain = {"grade_id": grade_id, "grade": False, "locked": False, "solution": False, "schema_version": 3}
    return {"nbgrader": {**plain, **flags}}
