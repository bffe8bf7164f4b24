"""What is no answer to an assignment is never graded as one: 300 notebooks from elsewhere get a named fatal verdict."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.intake import assemble, read_notebook
from autograder.intake.belonging import Fingerprint, fingerprints_beside
from autograder.intake.verdicts import TABLE
from autograder.model import Assignment, Submission, Verdict

ROOT = Path(__file__).resolve().parents[2]
IDS = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb"))
COUNT = 300
EMPTIED = "empty with labels"
"""May be told that nothing was written, too: a person need not look at it."""

Notebook = dict[str, Any]
Cell = dict[str, Any]

PANDAS = (
    "import pandas as pd\nimport seaborn as sns",
    "frame = pd.read_csv('titanic.csv')\nframe.head()",
    "frame['age'] = frame['age'].fillna(frame['age'].median())",
    "frame.groupby('sex')['survived'].mean().plot.bar()",
    "def clean(frame):\n    return frame.dropna().reset_index(drop=True)\n\nclean(frame)",
    "pivot = frame.pivot_table(index='pclass', columns='sex', values='fare')",
    "%matplotlib inline\nsns.heatmap(frame.corr())",
)
KERAS = (
    "import tensorflow as tf\nfrom tensorflow import keras",
    "model = keras.Sequential([keras.layers.Dense(64, activation='relu'), keras.layers.Dense(10)])",
    "model.compile(optimizer='sgd', loss='mse')\nhistory = model.fit(x, y, epochs=5)",
    "class Sampling(keras.layers.Layer):\n    def call(self, inputs):\n        return inputs",
    "def build_model(units):\n    return keras.Sequential([keras.layers.Dense(units)])",
    "plt.plot(history.history['loss'])",
)
TORCH = (
    "import torch\nfrom torch import nn, optim",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(2, 2)\n\n"
    "    def forward(self, x):\n        return self.fc(x)",
    "net = Net()\nopt = optim.SGD(net.parameters(), lr=0.1)",
    "def train_one_epoch(loader):\n    for x, y in loader:\n        opt.zero_grad()\n",
    "for epoch in range(3):\n    print(epoch)",
)
HOMEWORK = (
    "def fibonacci(n):\n    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)",
    "def is_prime(n):\n    return n > 1 and all(n % k for k in range(2, n))",
    "class Stack:\n    def __init__(self):\n        self.items = []",
    "def bubble_sort(values):\n    return sorted(values)",
    "assert fibonacci(10) == 55",
    "x = int(input('수를 입력하세요: '))",
)
PHYSICS = (
    "import numpy as np\nfrom scipy.integrate import odeint",
    "def pendulum(state, t):\n    theta, omega = state\n    return omega, -9.8 * np.sin(theta)",
    "t = np.linspace(0, 10, 1000)\nsolution = odeint(pendulum, [1.0, 0.0], t)",
    "g = 9.81  # m/s^2",
)
ESSAY = (
    "# 역전파의 역사\n\n1986년 Rumelhart 등은 오차를 거꾸로 전하는 방법을 널리 알렸다.",
    "## 서론\n\n이 글에서는 기울기 소실을 다룬다. `forward`와 `backward`라는 말을 자주 쓴다.",
    "깊은 신경망은 왜 배우기 어려운가? 활성화 함수의 도함수가 1보다 작기 때문이다.",
    '> "주어진 것을 이해하는 일이 먼저다."\n\n- 첫째\n- 둘째',
    "## 결론\n\n초기화와 정규화가 해결의 열쇠였다.",
    "| 방법 | 해 |\n|---|---|\n| Xavier | 2010 |\n| He | 2015 |",
)
LINEAR_ALGEBRA = (
    "import numpy as np",
    "A = np.array([[2, 1], [1, 3]])\nb = np.array([1, 2])\nnp.linalg.solve(A, b)",
    "def gram_schmidt(vectors):\n    return np.linalg.qr(vectors)[0]",
    "values, vectors = np.linalg.eig(A)\nprint(values)",
)
SUBJECTS = (PANDAS, KERAS, TORCH, HOMEWORK, PHYSICS, LINEAR_ALGEBRA, ESSAY)
OTHER_LABELS = ("cell-1a2b3c", "question-1", "problem_1", "hw1-q1", "jupyter", "task-1", "p1a", "문제1")
SAME_LABELS = ("q1", "q2", "q3", "q1-check", "setup", "header", "reflection", "q8", "summary")
"""Labels of other courses that ours have too."""


@lru_cache
def _ours(assignment_id: str) -> tuple[Assignment, Notebook]:
    assignment = load_assignment(assignment_id, ROOT)
    return assignment, read_master(assignment)


@lru_cache
def _known(assignment_id: str) -> tuple[Fingerprint, ...]:
    return fingerprints_beside(_ours(assignment_id)[0])


def _cell(kind: str, source: str, label: str = "", **marks: Any) -> Cell:
    metadata: dict[str, Any] = {}
    if label:
        marks = {"grade": False, "locked": False, "solution": True, "schema_version": 3, "task": False, **marks}
        metadata["nbgrader"] = {"grade_id": label, **marks}
    cell: Cell = {"cell_type": kind, "metadata": metadata, "source": source}
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell


def _notebook(cells: list[Cell], minor: int = 4) -> Notebook:
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": minor}


def _old(notebook: Notebook) -> Notebook:
    """In nbformat 3."""
    cells = [
        {"cell_type": "code", "input": c["source"], "language": "python", "outputs": [], "metadata": c["metadata"]}
        if c["cell_type"] == "code"
        else {"cell_type": c["cell_type"], "source": c["source"], "metadata": c["metadata"]}
        for c in notebook["cells"]
    ]
    return {"metadata": {"name": "x"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}


def _subject(chance: random.Random, labels: tuple[str, ...] = ()) -> Notebook:
    """Cells of one subject, some left out, with remarks between, under labels of some course."""
    subject = chance.choice(SUBJECTS)
    sources = [source for source in subject if chance.random() < 0.8] or [subject[0]]
    left = chance.sample(labels, len(labels))
    cells: list[Cell] = []
    for source in sources:
        if chance.random() < 0.4:
            cells.append(_cell("markdown", f"### {chance.randint(1, 9)}. {chance.choice(('풀이', '실험', '메모'))}"))
        kind = "markdown" if subject is ESSAY else "code"
        cells.append(_cell(kind, f"{source}\n# {chance.randint(0, 10**6)}", left.pop() if left else ""))
    return _notebook(cells, minor=chance.choice((0, 2, 4, 5)))


def _stripped(notebook: Notebook) -> Notebook:
    kept = copy.deepcopy(notebook)
    for cell in kept["cells"]:
        cell["metadata"] = {}
    return kept


def _others() -> Iterator[tuple[str, Notebook]]:
    """The notebooks of our own assignments, as released and as solved, with and without metadata, by whose they are."""
    for assignment_id in IDS:
        assignment, master = _ours(assignment_id)
        path = ROOT / "assignments" / assignment_id / assignment.notebook
        given = json.loads(path.read_text(encoding="utf-8"))
        for notebook in (master, given):
            for plain in (notebook, _stripped(notebook)):
                yield assignment_id, plain
                yield (
                    assignment_id,
                    _old({**plain, "cells": [{**c, "source": "".join(c["source"])} for c in plain["cells"]]}),
                )


def _foreign() -> Iterator[tuple[str, str, Notebook]]:
    """What it is, the assignment it does belong to (or ""), and the notebook."""
    chance = random.Random(13)
    for owner, notebook in _others():
        yield "another assignment", owner, notebook
    for number in range(8):
        empty = _cell(chance.choice(("code", "markdown", "raw")), "\n" * number)
        yield "empty", "", _notebook([empty] * number)
    for number in range(12):
        yield EMPTIED, "", _notebook([_cell("code", " " * number, label) for label in SAME_LABELS[:number]])
    for number in range(60):
        yield "another course's labels", "", _subject(chance, OTHER_LABELS[: 1 + number % len(OTHER_LABELS)])
    for number in range(70):
        yield "labels like ours", "", _subject(chance, SAME_LABELS[: 1 + number % len(SAME_LABELS)])
    for _ in range(30):
        yield "old format", "", _old(_subject(chance, chance.choice(((), OTHER_LABELS, SAME_LABELS))))
    for number in range(20):
        sources = chance.sample(ESSAY, 1 + number % len(ESSAY))
        yield "essay", "", _notebook([_cell("markdown", source) for source in sources])
    while True:
        yield "no labels", "", _subject(chance)


@lru_cache
def _three_hundred() -> tuple[tuple[str, str, Notebook | None, tuple[Verdict, ...]], ...]:
    """Each with what reading it gave."""
    found = []
    for (what, owner, notebook), _ in zip(_foreign(), range(COUNT), strict=False):
        found.append((what, owner, *read_notebook(json.dumps(notebook, ensure_ascii=False).encode())))
    return tuple(found)


def _verdicts(assignment_id: str, notebook: Notebook | None, early: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """What intake and assembly say of it as a work of this assignment."""
    assignment, master = _ours(assignment_id)
    submission = Submission("alice", assignment_id, "0", notebook, "test", verdicts=early)
    if notebook is None or submission.fatal is not None:
        return early
    return (*early, *assemble(submission, assignment, master, lambda: _known(assignment_id)).verdicts)


@pytest.mark.parametrize(
    "assignment_id", [pytest.param(i, marks=[pytest.mark.soak] if place > 1 else []) for place, i in enumerate(IDS)]
)
def test_no_foreign_notebook_is_silently_accepted(assignment_id: str) -> None:
    accepted: Counter[str] = Counter()
    for what, owner, notebook, early in _three_hundred():
        said = _verdicts(assignment_id, notebook, early)
        fatal = [verdict for verdict in said if verdict.fatal]
        assert all(verdict.code in TABLE and verdict.message for verdict in fatal)
        untouched = what == EMPTIED and any(verdict.code == "template-untouched" for verdict in said)
        accepted[what] += owner != assignment_id and not fatal and not untouched
    assert {what: count for what, count in accepted.items() if count} == {}


@pytest.mark.parametrize("assignment_id", IDS)
def test_another_assignments_notebook_is_named_as_that(assignment_id: str) -> None:
    unnamed = []
    for what, owner, notebook, early in _three_hundred():
        labelled = notebook is not None and any(cell["metadata"] for cell in notebook["cells"])
        if what == "another assignment" and owner != assignment_id and labelled:
            codes = {verdict.code for verdict in _verdicts(assignment_id, notebook, early) if verdict.fatal}
            if codes != {"assignment-mismatch"}:
                unnamed.append((owner, sorted(codes)))
    assert unnamed == []


@pytest.mark.parametrize("assignment_id", IDS)
def test_its_own_notebook_is_not_foreign(assignment_id: str) -> None:
    for what, owner, notebook, early in _three_hundred():
        if owner == assignment_id:
            assert [v.code for v in _verdicts(assignment_id, notebook, early) if v.fatal] == [], what


def test_the_three_hundred_are_different_and_of_every_kind() -> None:
    notebooks = _three_hundred()
    contents = {json.dumps([notebook, owner], ensure_ascii=False) for _, owner, notebook, _ in notebooks}
    kinds = Counter(what for what, *_ in notebooks)
    assert len(notebooks) == COUNT
    assert len(contents) >= 0.85 * COUNT
    assert len(kinds) == 8
    assert min(kinds.values()) >= 8, kinds
    assert set(SAME_LABELS) <= {
        cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        for what, _, notebook, _ in notebooks
        if what == "labels like ours" and notebook is not None
        for cell in notebook["cells"]
    }
