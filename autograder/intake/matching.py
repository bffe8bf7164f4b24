"""Owns which of the student's cells stands for which of the master's, and what becomes of the rest.

- *Copies* of an answer (several cells of one `grade_id`): all that is written runs. The first that defines what the
  question asks for is its answer cell, another that defines the rest of it is a piece of it. A copy that is still the
  stub becomes a raw cell, seen but not run.
- *Lost or untouched* answer cells: a cell of the student's own that defines what the question asks for takes its
  place. Where such cells answer several questions, or a part of one, they stay what they are and are marked.
- *Locked* cells: the released text counts. What the student added to it becomes a cell of the student's own, right
  behind it, or before it where it answers the question that the cell checks.
- *Moved* anchors return to the master's order.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from autograder.intake.definitions import Definitions, definitions, forms, same_code
from autograder.intake.findings import Findings
from autograder.intake.locked import additions
from autograder.intake.notebook import grade_id
from autograder.intake.release import TEXT_STUB, ReleasedCell
from autograder.intake.syntax import MAX_COST, cost
from autograder.marks import Mark
from autograder.model import Question

__all__ = ["LookBudget", "Matching", "plain"]

_LONGEST_COMPARED = 100_000
_FEW = 3
"""Up to so many lost locked cells are named one by one."""


class Matching:
    """What `match` finds about a notebook's cells, by position; `report` tells it.

    Args:
        cells: of the canonical notebook; not changed.
        anchors: of the released notebook.
        questions: of the assignment.

    Attributes:
        cells: the student's, with what was added to locked cells as cells of their own.
        claimed: position of the cell that stands for an anchor, by grade_id.
        adopted: anchors for which other cells of the student's count, wholly or in part.
        replaced: those of them whose cell is one of the student's own.
        inert: copies that are kept as raw cells.
        dropped: cells that are left out.
        written: graded names that the student defines, as far as the text tells.
        answered: code answers for which something was written.
        unbegun: code answers for which nothing was written anywhere.
    """

    def __init__(
        self, cells: list[dict[str, Any]], anchors: tuple[ReleasedCell, ...], questions: Sequence[Question]
    ) -> None:
        self.anchors = anchors
        self.findings = Findings()
        self.claimed: dict[str, int] = {}
        self.adopted: set[str] = set()
        self.replaced: set[str] = set()
        self.inert: set[int] = set()
        self.dropped: set[int] = set()
        self.written: set[str] = set()
        self.answered: set[str] = set()
        self.unbegun: set[str] = set()
        self.lost = False
        self._released = {anchor.grade_id: plain(anchor.source) for anchor in anchors}
        self._stub_forms = _stub_forms(tuple(a.source for a in anchors if a.solution and a.cell_type == "code"))
        self._stated = {q.solution_cell for q in questions if q.names}
        self._names = {q.solution_cell: frozenset(q.names) or self._released_names(q) for q in questions}
        self._graded = frozenset[str]().union(*self._names.values())
        self._answering: dict[int, list[str]] = {}
        self._copies: list[tuple[str, bool, int]] = []
        self._edited: set[str] = set()
        self._added: set[str] = set()
        self._definitions: dict[tuple[int, str], Definitions] = {}
        self._texts: dict[int, str] = {}
        self._budget = LookBudget()
        self._looked: dict[int, bool] = {}
        self.cells, self._numbers = cells, list(range(1, len(cells) + 1))
        self._take_out_additions()

    def match(self) -> None:
        """Fill the attributes."""
        labelled: dict[str, list[int]] = {anchor.grade_id: [] for anchor in self.anchors}
        for index, cell in enumerate(self.cells):
            labelled.get(grade_id(cell), []).append(index)
        for anchor in self.anchors:
            if labelled[anchor.grade_id]:
                self._choose(anchor, labelled[anchor.grade_id])
        free = [i for i, cell in enumerate(self.cells) if grade_id(cell) not in labelled]
        for anchor in self.anchors:
            self._find_text(anchor, free)
        code = [anchor for anchor in self.anchors if anchor.solution and anchor.cell_type == "code"]
        found = [self._find_answer(anchor, free) for anchor in code]
        self.lost = bool(self.cells) and not any(labelled.values()) and (any(found) or bool(self.claimed))
        if self.lost:
            self._find_texts(free)

    @property
    def graded(self) -> frozenset[str]:
        """The names that the questions ask for."""
        return self._graded

    def defined_anywhere(self) -> frozenset[str]:
        """Return all names that any of the student's cells answers."""
        cells = range(len(self.cells))
        return frozenset[str]().union(*(self._answers(i) for i in cells if self.cells[i]["cell_type"] == "code"))

    def fits(self) -> bool:
        """Return whether a graded function is defined somewhere with the parameters that its stub has."""
        asked = frozenset[tuple[str, tuple[str, ...]]]().union(
            *(self._of_anchor(a).parameters for a in self.anchors if a.solution)
        )
        code = (i for i, cell in enumerate(self.cells) if cell["cell_type"] == "code")
        return any(
            name in self.written and (name, parameters) in asked
            for index in code
            for name, parameters in self._defined(index, "code").parameters
        )

    def report(self, *, unanswered: bool = True) -> None:
        """Add to `findings` what is to be told about the cells; without `unanswered`, not that answers are missing."""
        for label, solution, count in self._copies:
            if solution:
                self.findings.add("cell-duplicated", cell=label, count=count)
            else:
                self.findings.add("locked-cell-duplicated", cell=label, count=count - 1)
        if self.lost:
            self.findings.add("metadata-lost")
        gone = [a for a in self.anchors if not a.solution and a.grade_id not in self.claimed]
        if len(gone) > _FEW:
            self.findings.add("locked-cells-restored", count=len(gone))
        for anchor in self.anchors:
            if anchor not in gone or len(gone) <= _FEW:
                self._report(anchor, unanswered)
        self._report_moves()

    def is_stub(self, anchor: ReleasedCell, index: int) -> bool:
        """Return whether this cell of the student still holds what the anchor was released with, or nothing."""
        text = self._text(index)
        if anchor.cell_type != "code":
            return text in ("", self._released[anchor.grade_id], TEXT_STUB)
        return text in ("", self._released[anchor.grade_id]) or self._same_code(anchor, index)

    def is_released(self, anchor: ReleasedCell) -> bool:
        """Return whether the notebook has this anchor's cell with the text that was released."""
        index = self.claimed.get(anchor.grade_id)
        if index is None or anchor.grade_id in self._edited:
            return False
        return self._text(index) == self._released[anchor.grade_id]

    def number(self, index: int) -> int:
        """Return the place, from 1, of a cell in the notebook as it was handed in."""
        return self._numbers[index]

    def mark(self, label: str, index: int | None) -> Mark:
        """Return what the judge must know of an assembled cell.

        Args:
            label: the anchor it stands for, "" for a cell of the student's own.
            index: of the student's cell, None where there is none.
        """
        anchor = next((a for a in self.anchors if a.grade_id == label), None)
        if index is None:
            found = Definitions() if anchor is None or not anchor.solution else self._of_anchor(anchor)
        elif anchor is not None and not anchor.solution:
            found = Definitions()
        else:
            found = self._defined(index, "code" if anchor is None else anchor.cell_type)
        return Mark(
            cell=0 if index is None else self._numbers[index],
            answers=tuple(a for a in self._answering.get(-1 if index is None else index, ()) if a != label),
            stubs=tuple(stub for stub in found.stubs if stub.name in self._graded),
            unbegun=label in self.unbegun,
            names=() if label in self._stated else tuple(sorted(self._names.get(label, ()))),
        )

    # -- steps

    def _take_out_additions(self) -> None:
        """Make cells of their own of what was added to locked cells."""
        for anchor in self.anchors:
            if anchor.solution or anchor.cell_type != "code":
                continue
            copies = [i for i, cell in enumerate(self.cells) if grade_id(cell) == anchor.grade_id]
            if not copies or any(self._is_same(anchor, i) for i in copies):
                continue
            at = copies[0]
            cell = self.cells[at]
            self._edited.add(anchor.grade_id)
            if cell["cell_type"] != "code" or not self._looks(at):
                continue
            added = additions(anchor.source, cell["source"])
            if not added.strip():
                continue
            self._added.add(anchor.grade_id)
            own: dict[str, Any] = {**cell, "metadata": {}, "source": added}
            kept = {**cell, "source": anchor.source}
            answers = definitions(added, self._stub_forms).answers & self._graded
            pair = [own, kept] if anchor.nbgrader.get("grade") and answers else [kept, own]
            self.cells = [*self.cells[:at], *pair, *self.cells[at + 1 :]]
            self._numbers = [*self._numbers[:at], self._numbers[at], *self._numbers[at:]]
            self._texts.clear()
            self._looked.clear()

    def _choose(self, anchor: ReleasedCell, copies: list[int]) -> None:
        label = anchor.grade_id
        if len(copies) > 1:
            self._copies.append((label, anchor.solution, len(copies)))
        if not anchor.solution:
            same = [i for i in copies if self._is_same(anchor, i)]
            self.claimed[label] = (same or copies)[0]
            self.dropped.update(set(same[1:]))
            return
        wanted = self._names.get(label, frozenset())
        written = [i for i in copies if not self.is_stub(anchor, i)]
        answers = [i for i in written if self._answers(i, anchor.cell_type) & wanted]
        chosen = self.claimed[label] = (answers or written or copies)[0]
        self.inert.update(i for i in copies if i != chosen and (i not in written or not wanted))
        own = self._answers(chosen, anchor.cell_type) & wanted
        for index in answers:
            if index != chosen and not self._answers(index) & own:
                self._answering.setdefault(index, []).append(label)
                own |= self._answers(index) & wanted

    def _find_text(self, anchor: ReleasedCell, free: list[int]) -> None:
        """Claim an unlabelled cell that holds what an anchor without a cell was released with."""
        released = self._released[anchor.grade_id]
        if anchor.grade_id in self.claimed or released in ("", TEXT_STUB):
            return
        same = (i for i in free if self._text(i) == released and self.cells[i]["cell_type"] == anchor.cell_type)
        chosen = next(same, None)
        if chosen is not None:
            self.claimed[anchor.grade_id] = chosen
            free.remove(chosen)

    def _find_answer(self, anchor: ReleasedCell, free: list[int]) -> bool:
        """Find the cells that define what an answer cell lacks; return whether there is anything of an answer.

        Where nobody knows what the cell is to define, any text of the student's in it is an answer.
        """
        label = anchor.grade_id
        wanted, present = self._names.get(label, frozenset()), self.claimed.get(label)
        own = frozenset[str]() if present is None else self._answers(present, anchor.cell_type) & wanted
        for index, labels in self._answering.items():
            own |= self._answers(index) & wanted if label in labels else frozenset()
        self.written |= own
        lacking = wanted - own
        locked = {self.claimed.get(a.grade_id) for a in self.anchors if not a.solution}
        looked = (i for i, cell in enumerate(self.cells) if cell["cell_type"] == "code" and i not in locked)
        found = [i for i in looked if i not in self.dropped | self.inert and self._answers(i) & lacking]
        untouched = present is None or self.is_stub(anchor, present)
        if not found:
            if untouched:
                self.unbegun.add(label)
            if own or not (untouched or wanted):
                self.answered.add(label)
            return bool(own)

        self.written |= lacking & frozenset[str]().union(*(self._answers(i) for i in found))
        self.adopted.add(label)
        self.answered.add(label)
        first = found[0]
        whole = self._answers(first) >= wanted and not self._answers(first) & (self._graded - wanted)
        if untouched and whole and first in free:
            if present is not None:
                self.dropped.add(present)
            self.claimed[label] = first
            self.replaced.add(label)
            free.remove(first)
        else:
            for index in found:
                self._answering.setdefault(index, []).append(label)
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

    def _report(self, anchor: ReleasedCell, unanswered: bool) -> None:
        label = anchor.grade_id
        index = self.claimed.get(label)
        if label in self.adopted and not self.lost:
            self.findings.add("cell-adopted", cell=label)
        if index is None:
            if not anchor.solution:
                self.findings.add("locked-cell-restored", cell=label)
            elif unanswered and (label in self.unbegun or anchor.cell_type != "code"):
                self.findings.add("cell-missing", cell=label)
            return
        cell = self.cells[index]
        if not anchor.solution:
            if label in self._added:
                self.findings.add("locked-cell-added", cell=label)
            elif label in self._edited or not self._is_same(anchor, index):
                self.findings.add("locked-cell-edited", cell=label)
            return
        if cell["cell_type"] != anchor.cell_type:
            self.findings.add("cell-type-changed", cell=label, detail=f"{cell['cell_type']} for {anchor.cell_type}")
        words = anchor.cell_type != "code" and self.is_stub(anchor, index)
        if unanswered and (label in self.unbegun or words):
            self.findings.add("unanswered", cell=label)

    def _report_moves(self) -> None:
        """Name the fewest anchors without which the others stand in the master's order."""
        found = [(anchor.grade_id, self.claimed.get(anchor.grade_id)) for anchor in self.anchors]
        placed = [(label, i) for label, i in found if i is not None and grade_id(self.cells[i]) == label]
        kept = _increasing([index for _, index in placed])
        for label, index in placed:
            if index not in kept:
                self.findings.add("cell-moved", cell=label)

    # -- what a cell holds

    def _is_same(self, anchor: ReleasedCell, index: int) -> bool:
        """Return whether a locked cell is as it was released; an editor's other quotes and line breaks are."""
        cell = self.cells[index]
        if cell["cell_type"] != anchor.cell_type:
            return False
        text, released = self._text(index), self._released[anchor.grade_id]
        if anchor.cell_type != "code":
            return _spaced(text) == _spaced(released)
        return text == released or self._same_code(anchor, index)

    def _same_code(self, anchor: ReleasedCell, index: int) -> bool:
        return self._looks(index) and same_code(anchor.source, self.cells[index]["source"])

    def _looks(self, index: int) -> bool:
        """Return whether this cell's code may be looked at."""
        if index not in self._looked:
            self._looked[index] = self._budget.covers(self.cells[index]["source"])
        return self._looked[index]

    def _text(self, index: int) -> str:
        if index not in self._texts:
            self._texts[index] = plain(self.cells[index]["source"])
        return self._texts[index]

    def _answers(self, index: int, kind: str = "code") -> frozenset[str]:
        """Return the graded names that a cell answers, read as a cell of this kind if it stands for one."""
        own = self.cells[index]["cell_type"]
        return self._defined(index, "code" if kind == "code" and grade_id(self.cells[index]) else own).answers

    def _defined(self, index: int, kind: str) -> Definitions:
        if (index, kind) not in self._definitions:
            source = self.cells[index]["source"]
            look = kind == "code" and self._looks(index)
            self._definitions[index, kind] = definitions(source, self._stub_forms) if look else Definitions()
        return self._definitions[index, kind]

    def _released_names(self, question: Question) -> frozenset[str]:
        """Return the functions in the stub of a question that does not say what it asks for."""
        anchor = next((a for a in self.anchors if a.grade_id == question.solution_cell), None)
        found = Definitions() if anchor is None or not anchor.solution else self._of_anchor(anchor)
        return found.answers | {stub.name for stub in found.stubs}

    def _of_anchor(self, anchor: ReleasedCell) -> Definitions:
        return definitions(anchor.source, self._stub_forms) if anchor.cell_type == "code" else Definitions()


class LookBudget:
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


def plain(source: str) -> str:
    """Return the text for comparison: NFC, without trailing spaces, blank lines at the ends and a final line end.

    A text far longer than any released cell equals none of them and is returned as it is.
    """
    if len(source) > _LONGEST_COMPARED:
        return source
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", source).split("\n"))
    return "\n".join(lines).strip("\n")


def _spaced(text: str) -> str:
    """Return a text cell's words without what only keeps a line from breaking: editors and releases differ in it."""
    return re.sub("</?nobr>", "", re.sub("&nbsp;|\u00a0", " ", text))


@lru_cache(maxsize=64)
def _stub_forms(stubs: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*map(forms, stubs))


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
