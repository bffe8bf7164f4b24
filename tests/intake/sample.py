"""A small assignment of two questions and a reflection, its master notebook, and a good student's notebook."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.model import Assignment, Limits, Question

NAME = "01-vanishing-gradients"
NOTEBOOK = f"{NAME}.ipynb"
SECRET = "torch.sigmoid(z) * (1 - torch.sigmoid(z))"

ASSIGNMENT = Assignment(
    id=NAME,
    title="기울기 소실",
    points=24,
    questions=(
        Question("q1", "활성화", 12, names=("act_and_grad",), solution_cell="q1", check_cell="q1-check"),
        Question("q2", "순전파", 12, names=("forward",), solution_cell="q2", check_cell="q2-check"),
        Question("reflection", "돌아보기", 10, manual=True, solution_cell="reflection", check_cell="reflection"),
    ),
    limits=Limits(),
    runner="cpu",
    notebook=NOTEBOOK,
    extra_files=(),
    suite_dir=Path("suite"),
    suite_hash="0" * 64,
    master=None,
)


def _cell(kind: str, source: str, grade_id: str = "", **marks: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": grade_id or "plain", "metadata": {}, "source": source}
    if grade_id:
        flags = {"grade": False, "locked": False, "solution": False, "schema_version": 3, "task": False}
        cell["metadata"]["nbgrader"] = {"grade_id": grade_id, **flags, **marks}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": spec, "language_info": {"name": "python", "version": "3.11.9"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _question(number: int, function: str, solution: str) -> list[dict[str, Any]]:
    body = f"def {function}(x):\n    ### BEGIN SOLUTION\n    return {solution}\n    ### END SOLUTION"
    check = f'check("q{number}")\n### BEGIN HIDDEN TESTS\nassert {SECRET!r}\n### END HIDDEN TESTS'
    return [
        _cell("markdown", f"## 문제 {number}", f"q{number}-text", locked=True),
        _cell("code", body, f"q{number}", solution=True),
        _cell("code", check, f"q{number}-check", grade=True, locked=True, points=12),
    ]


MASTER = _notebook(
    [
        _cell("markdown", "# 기울기 소실", "intro", locked=True),
        _cell("code", "import math"),
        *_question(1, "act_and_grad", SECRET),
        *_question(2, "forward", "x @ W.T + b"),
        _cell("markdown", "모범 답안입니다.", "reflection", grade=True, solution=True, points=10),
    ]
)

ANSWERS = {
    "q1": "def act_and_grad(x):\n    return math.tanh(x)",
    "q2": "def forward(x):\n    return [x]",
    "reflection": "기울기가 작아집니다.",
}


def submitted(answers: Mapping[str, str] = ANSWERS) -> dict[str, Any]:
    """Return a student's notebook as submitted: the released master with these answers in it."""
    notebook = copy.deepcopy(MASTER)
    for cell in notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if label.endswith("-check"):
            cell["source"] = cell["source"].split("\n", 1)[0]
        if label in ANSWERS:
            cell["source"] = answers.get(label, released(label))
    return notebook


def released(label: str) -> str:
    """Return the stub students get for an answer cell."""
    if label == "reflection":
        return "여기에 답을 작성하세요."
    function = {"q1": "act_and_grad", "q2": "forward"}[label]
    return f"def {function}(x):\n    # 여기에 코드를 작성하세요.\n    raise NotImplementedError"


def labelled(notebook: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Return the cell with this grade_id; raises KeyError unless there is exactly one."""
    found = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == label]
    if len(found) != 1:
        raise KeyError(f"{len(found)} cells called {label}")
    cell: dict[str, Any] = found[0]
    return cell


def as_bytes(notebook: object) -> bytes:
    """Return a notebook as Jupyter writes it."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()
