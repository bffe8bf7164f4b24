"""Owns the notebook that will run: the student's answers in the master's frame.

Anchors are the master's nbgrader cells, in its order. A locked anchor always has the released text; a solution anchor
has the student's, or the stub where there is none. Everything else the student wrote stays, each cell after the
anchor it followed. Of the student's metadata nothing survives; the master's nbgrader metadata is copied, its
solutions never are.

When the student's cells and the anchors do not match one to one (see `matching`), whatever the student wrote runs, in
the order in which it was written as far as the anchors allow; which of several definitions counts is decided where
they run. For that, cells carry a mark of our own, see `Mark`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.cells import cell_key, cell_number
from autograder.intake.belonging import Fingerprint, judge_belonging
from autograder.intake.definitions import definitions
from autograder.intake.findings import Findings
from autograder.intake.matching import LookBudget, Matching
from autograder.intake.notebook import METADATA, grade_id
from autograder.intake.put_off import NOTHING, PutOff, experiments_of, put_off
from autograder.intake.release import ReleasedCell, released_cells
from autograder.intake.syntax import syntax_error
from autograder.marks import Mark
from autograder.model import Assignment, Question, Submission, Verdict

__all__ = ["Assembled", "assemble"]


@dataclass(frozen=True, slots=True)
class Assembled:
    """A notebook ready to run, of nbformat 4.5 as JSON types, what assembling it found, and which cells may wait."""

    notebook: dict[str, Any]
    verdicts: tuple[Verdict, ...]
    put_off: PutOff = NOTHING


def assemble(
    submission: Submission,
    assignment: Assignment,
    master: Mapping[str, Any],
    others: Callable[[], Sequence[Fingerprint]] = tuple,
) -> Assembled:
    """Return the notebook to run for a submission.

    Args:
        submission: with its canonical notebook, as `read_notebook` returns it.
        assignment: names each question's functions.
        master: the instructor's notebook (nbformat 4 JSON), with solution regions; not changed.
        others: gives what the course's other assignments can be known by; only asked where nothing of this one is in
            the notebook.

    Raises:
        AssignmentError: the master is unusable (``master-invalid``).
        ValueError: the submission has no notebook (it has a fatal verdict and is not to be run).
    """
    if submission.notebook is None:
        raise ValueError(f"submission of {submission.student!r} has no notebook")
    anchors = released_cells(master)
    matching = Matching(submission.notebook["cells"], anchors, assignment.questions)
    matching.match()
    judge_belonging(matching, submission.notebook, assignment, others)
    cells = _in_order(matching)
    _tell_changed_questions(cells, assignment.questions, matching.findings)
    _check_syntax(cells, {a.grade_id for a in anchors if not a.solution}, matching.findings)
    notebook = {
        "cells": cells,
        "metadata": {name: dict(part) for name, part in METADATA.items()},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Assembled(notebook, matching.findings.verdicts, put_off(cells, experiments_of(master)))


def _in_order(matching: Matching) -> list[dict[str, Any]]:
    """Return the anchors in the master's order, each followed by the student's cells that followed it.

    Setup that the student has no more comes first of all. An answer found in a cell of the student's own stays where
    it was written: what it needs may stand right above it.
    """
    staying = _staying(matching)
    owners = {index: label for label, index in matching.claimed.items() if label not in staying}
    following: dict[str, list[int]] = {}
    last = ""
    for index in range(len(matching.cells)):
        if index in owners:
            last = owners[index]
        elif index not in matching.dropped:
            following.setdefault(last, []).append(index)

    made = _Cells(matching, {matching.claimed[label]: label for label in staying})
    front = _front(matching)
    cells = [made.anchored(anchor) for anchor in front]
    cells += [made.own(index) for index in following.get("", [])]
    for anchor in matching.anchors:
        if anchor not in front and anchor.grade_id not in staying:
            cells.append(made.anchored(anchor))
        cells += [made.own(index) for index in following.get(anchor.grade_id, [])]
    return cells


def _front(matching: Matching) -> list[ReleasedCell]:
    """Return what is to come before the student's first cell: lost setup, and what was lost before it."""
    anchors = matching.anchors
    first = next((rank for rank, anchor in enumerate(anchors) if anchor.solution), 0)
    lost = [rank for rank in range(first) if anchors[rank].grade_id not in matching.claimed]
    setup = max((rank for rank in lost if anchors[rank].cell_type == "code"), default=-1)
    return [anchors[rank] for rank in lost if rank <= setup]


def _staying(matching: Matching) -> frozenset[str]:
    """Return the answers found in cells of the student's own that do not stand in the master's order."""
    labels = [anchor.grade_id for anchor in matching.anchors]
    fixed = {
        rank: matching.claimed[label]
        for rank, label in enumerate(labels)
        if label in matching.claimed and label not in matching.replaced
    }
    found = []
    for rank, label in enumerate(labels):
        if label in matching.replaced:
            index = matching.claimed[label]
            before = max((i for r, i in fixed.items() if r < rank), default=-1)
            after = min((i for r, i in fixed.items() if r > rank), default=len(matching.cells))
            if not before < index < after:
                found.append(label)
    return frozenset(found)


class _Cells:
    """Makes the assembled notebook's cells, each with an id and the mark it needs."""

    def __init__(self, matching: Matching, staying: Mapping[int, str]) -> None:
        self._matching = matching
        self._staying = staying
        self._anchors = {anchor.grade_id: anchor for anchor in matching.anchors}
        self._ids = _CellIds()

    def anchored(self, anchor: ReleasedCell) -> dict[str, Any]:
        """Return the cell of an anchor, as the student has it or as it was released."""
        index = self._matching.claimed.get(anchor.grade_id)
        written = None if index is None or not anchor.solution else self._matching.cells[index]
        source = anchor.source if written is None else written["source"]
        pictures = None if written is None else written.get("attachments")
        mark = self._matching.mark(anchor.grade_id, index)
        metadata = {"nbgrader": dict(anchor.nbgrader), **mark.metadata()}
        return _cell(self._ids.new(anchor.grade_id), anchor.cell_type, source, metadata, pictures)

    def own(self, index: int) -> dict[str, Any]:
        """Return a cell of the student's own."""
        if index in self._staying:
            return self.anchored(self._anchors[self._staying[index]])
        cell = self._matching.cells[index]
        inert = index in self._matching.inert and cell["cell_type"] == "code"
        kind = "raw" if inert else cell["cell_type"]
        mark = Mark(cell=self._matching.number(index)) if inert else self._matching.mark("", index)
        return _cell(self._ids.new("extra"), kind, cell["source"], mark.metadata(), cell.get("attachments"))


def _cell(
    cell_id: str, kind: str, source: str, metadata: dict[str, Any], pictures: Mapping[str, Any] | None
) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    if kind == "code":
        return {**cell, "execution_count": None, "outputs": []}
    return {**cell, "attachments": copy.deepcopy(dict(pictures))} if pictures and kind == "markdown" else cell


class _CellIds:
    """Gives each cell an id that depends only on its anchor's name or its rank among the student's own cells."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._extras = 0

    def new(self, name: str) -> str:
        """Return an id that starts with `name` as far as nbformat allows and was not given before."""
        base = re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:50] or "cell"
        chosen, count = (f"{base}-1" if name == "extra" else base), 1
        if name == "extra":
            self._extras += 1
            chosen = f"{base}-{self._extras}"
        while chosen in self._taken:
            count += 1
            chosen = f"{base}--{count}"
        self._taken.add(chosen)
        return chosen


def _tell_changed_questions(cells: list[dict[str, Any]], questions: Sequence[Question], findings: Findings) -> None:
    """Say which questions were answered as an earlier release asked them."""
    if not any(question.formerly for question in questions):
        return
    written = {name for cell in cells if cell["cell_type"] == "code" for name in definitions(cell["source"]).answers}
    for question in questions:
        old = next((name for name in question.formerly if name in written), None)
        if old is not None and written.isdisjoint(question.names):
            findings.add("question-changed", cell=question.solution_cell, name=old)


def _check_syntax(cells: list[dict[str, Any]], locked: set[str], findings: Findings) -> None:
    budget = LookBudget()
    for index, cell in enumerate(cells):
        label = grade_id(cell)
        if cell["cell_type"] != "code" or label in locked or not budget.covers(cell["source"]):
            continue
        error = syntax_error(cell["source"])
        if error is not None:
            key = cell_key(label, cell_number(cell, index))
            findings.add("syntax-error", cell=key, line=error[0], detail=error[1])
