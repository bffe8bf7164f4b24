"""Owns the notebook that will run: the student's answers in the master's frame.

Anchors are the master's nbgrader cells, in its order. A locked anchor always has the released text; a solution anchor
has the student's, or the stub where there is none. Everything else the student wrote stays, each cell after the
anchor it followed. Of the student's metadata nothing survives; the master's nbgrader metadata is copied, its
solutions never are.

When the student's cells and the anchors do not match one to one:

- *copies* of an answer: the first that is written (and defines a name the question asks for) counts. The others
  become raw cells, seen but not run, since a later copy, often a stub, would replace the answer; a copy that holds
  something else altogether runs as the student's own cell. Copies of locked cells are dropped, or if rewritten run as
  own cells.
- *lost or untouched* answer cells: another cell that defines what the question asks for takes its place; a stub
  standing beside it would otherwise overwrite it.
- *moved* anchors return to the master's order.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.intake.findings import Findings
from autograder.intake.notebook import METADATA, grade_id
from autograder.intake.release import TEXT_STUB, ReleasedCell, released_cells
from autograder.intake.syntax import MAX_COST, cost, defined_names, syntax_error
from autograder.model import Assignment, Submission, Verdict

__all__ = ["Assembled", "assemble"]

_LONGEST_COMPARED = 100_000


@dataclass(frozen=True, slots=True)
class Assembled:
    """A notebook ready to run, of nbformat 4.5 as JSON types, and what assembling it found."""

    notebook: dict[str, Any]
    verdicts: tuple[Verdict, ...]


def assemble(submission: Submission, assignment: Assignment, master: Mapping[str, Any]) -> Assembled:
    """Return the notebook to run for a submission.

    Args:
        submission: with its canonical notebook, as `read_notebook` returns it.
        assignment: names each question's functions.
        master: the instructor's notebook (nbformat 4 JSON), with solution regions; not changed.

    Raises:
        AssignmentError: the master is unusable (``master-invalid``).
        ValueError: the submission has no notebook (it has a fatal verdict and is not to be run).
    """
    if submission.notebook is None:
        raise ValueError(f"submission of {submission.student!r} has no notebook")
    anchors = released_cells(master)
    names = {q.solution_cell: frozenset(q.names) for q in assignment.questions}
    matching = _Matching(submission.notebook["cells"], anchors, names)
    matching.match()
    cells = _in_order(matching)
    _check_syntax(cells, {a.grade_id for a in anchors if not a.solution}, matching.findings)
    notebook = {
        "cells": cells,
        "metadata": {name: dict(part) for name, part in METADATA.items()},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Assembled(notebook, matching.findings.verdicts)


class _Matching:
    """Which of the student's cells (by position) stands for which anchor, and what becomes of the rest."""

    def __init__(
        self, cells: list[dict[str, Any]], anchors: tuple[ReleasedCell, ...], names: Mapping[str, frozenset[str]]
    ) -> None:
        self.cells = cells
        self.anchors = anchors
        self.names = names
        self.findings = Findings()
        self.released = {anchor.grade_id: _plain(anchor.source) for anchor in anchors}
        self.claimed: dict[str, int] = {}
        self.inert: set[int] = set()
        """Copies of answers: kept as raw cells."""
        self.dropped: set[int] = set()
        self._defined: dict[int, frozenset[str]] = {}
        self._texts: dict[int, str] = {}
        self._budget = _Budget()

    def match(self) -> None:
        """Fill `claimed`, `inert`, `dropped` and `findings`."""
        labelled: dict[str, list[int]] = {anchor.grade_id: [] for anchor in self.anchors}
        for index, cell in enumerate(self.cells):
            labelled.get(grade_id(cell), []).append(index)
        for anchor in self.anchors:
            if labelled[anchor.grade_id]:
                self._choose(anchor, labelled[anchor.grade_id])
        free = [i for i, cell in enumerate(self.cells) if grade_id(cell) not in labelled]
        lost = bool(free) and not any(labelled.values())
        found = [self._find(anchor, free, quiet=lost) for anchor in self.anchors]
        if lost and any(found):
            self.findings.add("metadata-lost")
            self._find_texts(free)
        for anchor in self.anchors:
            self._report(anchor)
        self._report_moves()

    def is_stub(self, anchor: ReleasedCell, index: int) -> bool:
        """Return whether this cell of the student still holds what the anchor was released with, or nothing."""
        text = self._text(index)
        return text in ("", self.released[anchor.grade_id]) or (anchor.cell_type != "code" and text == TEXT_STUB)

    def _choose(self, anchor: ReleasedCell, copies: list[int]) -> None:
        if not anchor.solution:
            same = [i for i in copies if self._text(i) == self.released[anchor.grade_id]]
            self.claimed[anchor.grade_id] = (same or copies)[0]
            self.dropped.update(set(same[1:]))
        else:
            wanted = self.names.get(anchor.grade_id, frozenset())
            written = [i for i in copies if not self.is_stub(anchor, i)]
            answers = [i for i in written if self._names(i) & wanted]
            chosen = (answers or written or copies)[0]
            self.claimed[anchor.grade_id] = chosen
            self.inert.update(i for i in copies if i != chosen and (i not in written or i in answers or not wanted))
        if len(copies) > 1 and anchor.solution:
            self.findings.add("cell-duplicated", cell=anchor.grade_id, count=len(copies))
        elif len(copies) > 1:
            self.findings.add("locked-cell-duplicated", cell=anchor.grade_id, count=len(copies) - 1)

    def _find(self, anchor: ReleasedCell, free: list[int], *, quiet: bool) -> bool:
        """Claim an unlabelled cell for an anchor that has no cell, or only its stub; return whether one was found."""
        label = anchor.grade_id
        present = self.claimed.get(label)
        if present is not None and not (anchor.solution and self.is_stub(anchor, present)):
            return False
        wanted = self.names.get(label, frozenset()) if anchor.solution else frozenset()
        chosen = next((i for i in free if self._names(i) & wanted and not self.is_stub(anchor, i)), None)
        if chosen is not None and not quiet:
            self.findings.add("cell-adopted", cell=label)
        if chosen is None and present is None and self.released[anchor.grade_id] not in ("", TEXT_STUB):
            same = (i for i in free if self._text(i) == self.released[anchor.grade_id])
            chosen = next((i for i in same if self.cells[i]["cell_type"] == anchor.cell_type), None)
        if chosen is None:
            return False
        if present is not None:
            self.dropped.add(present)
        self.claimed[label] = chosen
        free.remove(chosen)
        return True

    def _find_texts(self, free: list[int]) -> None:
        """Claim, for each written answer not found yet, the only text cell between the anchors around it."""
        for rank, anchor in enumerate(self.anchors):
            if anchor.grade_id in self.claimed or not anchor.solution or anchor.cell_type == "code":
                continue
            before = [self.claimed[a.grade_id] for a in self.anchors[:rank] if a.grade_id in self.claimed]
            after = [self.claimed[a.grade_id] for a in self.anchors[rank:] if a.grade_id in self.claimed]
            low, high = max(before, default=-1), min(after, default=len(self.cells))
            texts = [i for i in free if low < i < high and self.cells[i]["cell_type"] == "markdown"]
            if len(texts) == 1:
                self.claimed[anchor.grade_id] = texts[0]
                free.remove(texts[0])

    def _report(self, anchor: ReleasedCell) -> None:
        label = anchor.grade_id
        index = self.claimed.get(label)
        if index is None:
            self.findings.add("cell-missing" if anchor.solution else "locked-cell-restored", cell=label)
            return
        cell = self.cells[index]
        if not anchor.solution:
            if self._text(index) != self.released[anchor.grade_id] or cell["cell_type"] != anchor.cell_type:
                self.findings.add("locked-cell-edited", cell=label)
            return
        if cell["cell_type"] != anchor.cell_type:
            self.findings.add("cell-type-changed", cell=label, detail=f"{cell['cell_type']} for {anchor.cell_type}")
        if self.is_stub(anchor, index):
            self.findings.add("unanswered", cell=label)

    def _report_moves(self) -> None:
        """Name the fewest anchors without which the others stand in the master's order."""
        found = [(anchor.grade_id, self.claimed.get(anchor.grade_id)) for anchor in self.anchors]
        placed = [(label, i) for label, i in found if i is not None and grade_id(self.cells[i]) == label]
        kept = _increasing([index for _, index in placed])
        for label, index in placed:
            if index not in kept:
                self.findings.add("cell-moved", cell=label)

    def _text(self, index: int) -> str:
        if index not in self._texts:
            self._texts[index] = _plain(self.cells[index]["source"])
        return self._texts[index]

    def _names(self, index: int) -> frozenset[str]:
        if index not in self._defined:
            cell = self.cells[index]
            look = cell["cell_type"] == "code" and self._budget.covers(cell["source"])
            self._defined[index] = defined_names(cell["source"]) if look else frozenset()
        return self._defined[index]


def _in_order(matching: _Matching) -> list[dict[str, Any]]:
    """Return the anchors in the master's order, each followed by the student's cells that followed it."""
    owners = {index: label for label, index in matching.claimed.items()}
    following: dict[str, list[int]] = {}
    last = ""
    for index in range(len(matching.cells)):
        if index in owners:
            last = owners[index]
        elif index not in matching.dropped:
            following.setdefault(last, []).append(index)
    ids = _CellIds()
    cells = [_extra(matching, index, ids) for index in following.get("", [])]
    for anchor in matching.anchors:
        claimed = matching.claimed.get(anchor.grade_id)
        cells.append(_anchored(anchor, None if claimed is None else matching.cells[claimed], ids))
        cells += [_extra(matching, index, ids) for index in following.get(anchor.grade_id, [])]
    return cells


def _anchored(anchor: ReleasedCell, written: Mapping[str, Any] | None, ids: _CellIds) -> dict[str, Any]:
    theirs = written is not None and anchor.solution
    source = written["source"] if written is not None and theirs else anchor.source
    pictures = written.get("attachments") if written is not None and theirs else None
    metadata = {"nbgrader": dict(anchor.nbgrader)}
    return _cell(ids.new(anchor.grade_id), anchor.cell_type, source, metadata, pictures)


def _extra(matching: _Matching, index: int, ids: _CellIds) -> dict[str, Any]:
    cell = matching.cells[index]
    inert = index in matching.inert and cell["cell_type"] == "code"
    return _cell(ids.new("extra"), "raw" if inert else cell["cell_type"], cell["source"], {}, cell.get("attachments"))


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


def _check_syntax(cells: list[dict[str, Any]], locked: set[str], findings: Findings) -> None:
    budget = _Budget()
    for index, cell in enumerate(cells):
        label = grade_id(cell)
        if cell["cell_type"] != "code" or label in locked or not budget.covers(cell["source"]):
            continue
        error = syntax_error(cell["source"])
        if error is not None:
            findings.add("syntax-error", cell=label or str(index), line=error[0], detail=error[1])


class _Budget:
    """Bounds the time that looking at one notebook's code takes: a small multiple of what one cell may cost."""

    def __init__(self) -> None:
        self._left = 3 * MAX_COST

    def covers(self, source: str) -> bool:
        """Return whether this cell may be looked at, and count it."""
        if len(source) > self._left:
            return False
        wanted = cost(source)
        if wanted > min(self._left, MAX_COST):
            return False
        self._left -= wanted
        return True


def _increasing(values: list[int]) -> set[int]:
    """Return a longest increasing subsequence of different numbers (patience sorting)."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for value in values:
        pile = bisect_left(tops, value)
        before[value] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [value]
    kept: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _plain(source: str) -> str:
    """Return the text for comparison: NFC, without trailing spaces, blank lines at the ends and a final line end.

    A text far longer than any released cell equals none of them and is returned as it is.
    """
    if len(source) > _LONGEST_COMPARED:
        return source
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", source).split("\n"))
    return "\n".join(lines).strip("\n")
