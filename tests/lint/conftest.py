"""What the tests of lint share: a small assignment on disk that has no mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Assignment, Limits, Question

QUESTIONS = (
    Question("q1", "하나", 3, names=("forward",), solution_cell="q1", check_cell="q1-check"),
    Question("q2", "둘", 2, names=("Net", "loss"), solution_cell="q2", check_cell="q2-check"),
    Question("reflection", "돌아보기", 1, manual=True, solution_cell="reflection", check_cell="reflection"),
)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """An assignment whose folders are below `tmp_path`, empty."""
    suite_dir, solutions = tmp_path / "suites" / "06-x", tmp_path / "solutions" / "06-x"
    suite_dir.mkdir(parents=True)
    solutions.mkdir(parents=True)
    return Assignment(
        id="06-x",
        title="작은 과제",
        points=5,
        questions=QUESTIONS,
        limits=Limits(),
        runner="cpu",
        notebook="06-x.ipynb",
        extra_files=("data.csv",),
        suite_dir=suite_dir,
        suite_hash="",
        master=solutions / "06-x.ipynb",
    )


def notebook_of(*cells: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook of nbformat 4 with these cells."""
    return {"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def cell_of(kind: str, grade_id: str, source: str, **nbgrader: Any) -> dict[str, Any]:
    """A cell with nbgrader's metadata; none without `nbgrader`."""
    own = {"grade_id": grade_id, "schema_version": 3, "task": False, **nbgrader}
    return {"cell_type": kind, "id": grade_id, "metadata": {"nbgrader": own} if nbgrader else {}, "source": source}


@pytest.fixture
def notebook() -> Callable[..., dict[str, Any]]:
    """Build a notebook, see `notebook_of`."""
    return notebook_of


@pytest.fixture
def cell() -> Callable[..., dict[str, Any]]:
    """Build a cell, see `cell_of`."""
    return cell_of
