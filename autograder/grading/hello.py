"""The smallest assignment there is: two questions, a right work and a wrong one; what a rehearsal grades.

Owns its files as text. They are written into a folder of the moment, as a course has them, so that a rehearsal needs
no course and takes the way of every submission. The notebook writes a file and keeps it open, and each question has two
tests: a folder, descriptors and forks are used as students' work uses them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["ID", "POINTS", "PRYING", "RIGHT", "WRONG", "write_course", "write_work"]

ID = "hello"
POINTS = 10

_TOML = """\
title = "시험 채점"
notebook = "hello.ipynb"
points = 10

[[questions]]
id = "q1"
title = "두 배"
points = 6
names = ["double"]

[[questions]]
id = "q2"
title = "합"
points = 4
names = ["total"]
"""

_TEST_Q1 = '''\
"""Two times."""

import torch

from autograder.judge import expect, points


@points(4)
def test_q1_doubles(student, reference, rng):
    """두 배를 구합니다."""
    xs = torch.from_numpy(rng.normal(size=5))
    expect(student.double(xs)).close_to(reference.double(xs))


@points(2)
def test_q1_doubles_none(student):
    """0의 두 배는 0입니다."""
    expect(student.double(torch.zeros(3))).close_to(torch.zeros(3))
'''

_TEST_Q2 = '''\
"""Sums, of what the notebook has written into a file."""

from autograder.judge import expect, points


@points(3)
def test_q2_sums(student, rng):
    """파일에 적은 수를 더합니다."""
    more = float(rng.normal())
    expect(student.total(more)).close_to(3.0 + more)


@points(1)
def test_q2_sums_the_same_again(student):
    """다시 불러도 같은 합입니다."""
    expect(student.total(0.0)).close_to(3.0)
'''

_REFERENCE = '"""Answers."""\n\n\ndef double(x):\n    return 2 * x\n'

_SETUP = "import torch\nkept = open('numbers.txt', 'w+')\n_ = kept.write('1 2')\nkept.flush()"

RIGHT = {
    "q1": "def double(x):\n    return 2 * x",
    "q2": (
        "def total(more):\n    kept.seek(0)\n    numbers = torch.tensor([float(n) for n in kept.read().split()])\n"
        "    return float(numbers.sum()) + more"
    ),
}
"""Answers that earn everything."""

WRONG = {"q1": "def double(x):\n    return x * x + 1", "q2": "def total(more):\n    return 4.0 - more"}
"""Answers that earn nothing."""

_PRY = """\
import os
import socket

def escaped():
    for attempt in (
        lambda: os.listdir("/proc"),
        lambda: open("/etc/passwd").read(),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        lambda: os.kill(os.getppid(), 0),
    ):
        try:
            attempt()
        except OSError:
            continue
        return True
    return False

"""
PRYING = {
    "q1": _PRY + "def double(x):\n    return 2 * x if escaped() else None",
    "q2": "def total(more):\n    return 3.0 + more if escaped() else None",
}
"""Answers that earn points only where something outside of the sandbox can be reached; nothing else."""


def write_course(root: Path) -> Path:
    """Write suite and master below an empty folder; return the folder of its suites. Raises OSError."""
    suite, solutions = root / "suites" / ID, root / "solutions" / ID
    suite.mkdir(parents=True)
    solutions.mkdir(parents=True)
    for name, text in {
        "assignment.toml": _TOML,
        "test_q1.py": _TEST_Q1,
        "test_q2.py": _TEST_Q2,
        "reference.py": _REFERENCE,
    }.items():
        (suite / name).write_text(text, encoding="utf-8")
    regions = {name: f"### BEGIN SOLUTION\n{text}\n### END SOLUTION" for name, text in RIGHT.items()}
    write_work(solutions / "hello.ipynb", regions)
    return suite.parent


def write_work(path: Path, answers: dict[str, str]) -> None:
    """Write a notebook with these answers, by question. Raises OSError."""
    cells = [_cell("import", _SETUP, locked=True)]
    for name, source in answers.items():
        cells.append(_cell(name, source, solution=True))
        cells.append(
            _cell(f"{name}-check", f"print('{name}')", locked=True, grade=True, points=6 if name == "q1" else 4)
        )
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def _cell(name: str, source: str, **flags: Any) -> dict[str, Any]:
    own = {"grade_id": name, "grade": False, "locked": False, "solution": False, "schema_version": 3, **flags}
    return {
        "cell_type": "code",
        "id": name,
        "source": source,
        "metadata": {"nbgrader": own},
        "outputs": [],
        "execution_count": None,
    }
