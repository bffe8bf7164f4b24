"""A made-up course with one assignment of one question, and a survey of it that runs nothing in a sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ANSWER = """LEVEL = 3


def f(x, start=7):
    \"\"\"2배의 합.\"\"\"
    ### BEGIN SOLUTION
    total = 0
    for value in x:
        total = total + value
    return total * 2
    ### END SOLUTION
"""
TEST = '''
from autograder.judge import expect, points


@points(2)
def test_f_doubles(student):
    """두 배로 만듭니다."""
    expect(student.f([2]), "f").equals(4)


@points(3)
def test_f_adds(student):
    """두 수를 더합니다."""
    expect(student.f([1, 1]), "f").equals(4)
'''
CONFIG = """title = "작은 과제"
notebook = "00-tiny.ipynb"
points = 5

[[questions]]
id = "q1"
title = "합"
points = 5
names = ["f"]
"""
SURVIVORS = """
[[survivor]]
question = "q1"
operator = "core/ReplaceBinaryOperator_Mul_Pow"
line = "return total * 2"
mutant = "return total ** 2"
reason = "out of scope: made up"

[[survivor]]
question = "q1"
operator = "core/NumberReplacer"
line = "total = 0"
mutant = "total = 1"
reason = "equivalent: it is not"
"""
WRONG = """# about: 두 배로 하지 않는다
# question: q1
# loses: test_f_doubles, test_f_adds

# %% q1
def f(x):
    return sum(x)
"""
RIGHT = "# about: sum을 쓴다\n# question: q1\n\n# %% q1\ndef f(x):\n    return 2 * sum(x)\n"


def _cell(source: str, grade_id: str = "", **marks: bool) -> dict[str, Any]:
    nbgrader = {"grade_id": grade_id, "solution": False, "grade": False, "locked": False, "schema_version": 3, **marks}
    return {
        "cell_type": "code",
        "id": grade_id or "setup",
        "metadata": {"nbgrader": nbgrader} if grade_id else {},
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made-up course's folder; its suites are the ones in use."""
    cells = [
        _cell("import math"),
        _cell(ANSWER, "q1", solution=True),
        _cell("raise RuntimeError('public check')", "q1-check", grade=True, locked=True) | {"id": "q1-check"},
    ]
    cells[2]["metadata"]["nbgrader"]["points"] = 5
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    files = {
        "suites/00-tiny/assignment.toml": CONFIG,
        "suites/00-tiny/test_q1.py": TEST,
        "suites/00-tiny/survivors.toml": SURVIVORS,
        "suites/00-tiny/NOTES.md": "# 00\n\n## Mutants\n\nMade by a tool.\n\n## Last\n\nText.\n",
        "solutions/00-tiny/00-tiny.ipynb": json.dumps(notebook),
        "tests/corpus/00-tiny/wrong/not_doubled.py": WRONG,
        "tests/corpus/00-tiny/right/sum.py": RIGHT,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    return tmp_path


def grade_job(job: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Grade as the judge would, in this process: the answer's cell is trusted, it is one of this file's."""
    scope: dict[str, Any] = {}
    tests = []
    try:
        for cell in job["notebook"]["cells"]:
            exec("".join(cell["source"]), scope)
    except Exception as error:
        scope = {"f": lambda x, error=error: error}
    for name, points, data, expected in (("test_f_doubles", 2, [2], 4), ("test_f_adds", 3, [1, 1], 4)):
        try:
            passed = bool(scope["f"](data) == expected)
        except Exception:
            passed = False
        outcome = "passed" if passed else "failed"
        tests.append({"name": name, "question": "q1", "points": points, "outcome": outcome, "cpu_seconds": 0.01})
        if job["stop_at_first_loss"] and not passed:
            break
    return {"tests": tests, "draws": [tests] * len(job["more_secrets"])}
