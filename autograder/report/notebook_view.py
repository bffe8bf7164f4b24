"""An executed notebook as values for a template: cells, their outputs, and the student's figures.

Owns the size of what is shown (`PAGE_CHARACTERS` for a page). Everything it returns has passed `sanitize`; it keeps a
student's own code and output and drops long locked instructions to their first line. The text of each question and the
cells with its answer can be had by the name of its solution cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from autograder.cells import cell_number
from autograder.report.sanitize import (
    IMAGE_KINDS,
    clean_text,
    html_to_text,
    image_base64,
    plain_terminal,
    safe_table,
)

__all__ = ["PAGE_CHARACTERS", "CellView", "Figure", "NotebookView", "OutputView", "view_notebook"]

PAGE_CHARACTERS = 8 * 2**20
"""Most characters of notebook in one page, images in base64 included: a phone still opens it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One image that the student's notebook made. `url` is a data: URL, `cell` the number of its cell."""

    number: int
    cell: int
    url: str


@dataclass(frozen=True, slots=True)
class OutputView:
    """One output: `kind` is ``text``, ``error``, ``table``, ``figure`` or ``note``."""

    kind: str
    text: str = ""
    table: Markup = field(default_factory=Markup)
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell. `number` is its number for people, see `autograder.cells`; `grade_id` is nbgrader's, or "".

    `anchor` is the id of its place on the page, the same whenever the same notebook is shown; "" for a cell that was
    not handed in.
    """

    kind: str
    number: int
    source: str
    grade_id: str = ""
    outputs: tuple[OutputView, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class NotebookView:
    """Cells in order, figures in order, and for the index of each code cell the cell.

    `statements` and `answers` are by solution cell: the text of its question (markdown, not rendered), and the cells
    with the answer, its own first, then others of the student's in which assembling found one.
    """

    cells: tuple[CellView, ...] = ()
    figures: tuple[Figure, ...] = ()
    code: Mapping[int, CellView] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, tuple[CellView, ...]] = field(default_factory=dict)

    def anchor_of(self, number: int) -> str:
        """Return the anchor of the cell with this number, "" where none is shown."""
        return next((cell.anchor for cell in self.cells if number and cell.number == number and cell.anchor), "")

    def number_of(self, index: int) -> int:
        """Return the number of the code cell with this 0-based index, or 0 if it has none or there is no such cell."""
        return self.code[index].number if index in self.code else 0

    def line_of(self, index: int, line: int) -> str:
        """Return one line (1-based) of the code cell with this 0-based index, or "" if there is none."""
        lines = self.code[index].source.split("\n") if index in self.code else []
        return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""


class _Budget:
    """Characters left on the page; `take` says whether so many more fit."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def take(self, characters: int) -> bool:
        if characters > self.left:
            return False
        self.left -= characters
        return True


def view_notebook(executed: Mapping[str, Any] | None, characters: int = PAGE_CHARACTERS) -> NotebookView:
    """Return what of an executed notebook may be shown; any JSON value in, something harmless out."""
    raw = executed.get("cells") if isinstance(executed, Mapping) else None
    budget = _Budget(characters)
    cells: list[CellView] = []
    figures: list[Figure] = []
    code: dict[int, CellView] = {}
    questions = _Questions()
    anchors: set[str] = set()
    for index, cell in enumerate(raw if isinstance(raw, list) else ()):
        if not isinstance(cell, Mapping):
            continue
        grade_id, locked = _nbgrader(cell)
        source = clean_text(cell.get("source"), 100_000)
        number = cell_number(cell, index)
        anchor = f"cell-{number}" if number and f"cell-{number}" not in anchors else ""
        view = None
        if cell.get("cell_type") == "code":
            shown = source if budget.take(len(source)) else "(페이지가 너무 커져 생략했습니다.)"
            outputs = _outputs(cell.get("outputs"), number, figures, budget)
            view = code[index] = CellView("code", number, shown, grade_id, outputs, anchor)
        elif cell.get("cell_type") == "markdown" and source.strip():
            shown = _first_line(source) if locked or not grade_id else source
            if shown and budget.take(len(shown)):
                view = CellView("markdown", number, shown, "" if locked else grade_id, anchor=anchor)
            if locked and grade_id:
                questions.text(grade_id, source)
        if view is not None:
            cells.append(view)
            anchors.add(anchor)
            questions.cell(view, locked, _answered(cell))
    return NotebookView(tuple(cells), tuple(figures), code, questions.statements(), questions.answers())


class _Questions:
    """Finds the text and the answer of each question while the cells go by."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._last = ""
        self._own: dict[str, list[CellView]] = {}
        self._others: dict[str, list[CellView]] = {}

    def text(self, grade_id: str, source: str) -> None:
        """Take in a locked text; the last one before a solution cell is its question's, unless one has its name."""
        self._texts[grade_id] = self._last = source

    def cell(self, view: CellView, locked: bool, answers: Sequence[str]) -> None:
        """Take in a cell, and the solution cells whose questions are answered in it beside its own."""
        for name in answers:
            self._others.setdefault(name, []).append(view)
        if view.grade_id and not locked:
            self._own.setdefault(view.grade_id, []).append(view)
            self._before.setdefault(view.grade_id, self._last)
            self._last = ""

    def statements(self) -> dict[str, str]:
        """Return the text of each question that has one."""
        found = {name: self._texts.get(f"{name}-text", before) for name, before in self._before.items()}
        return {name: text for name, text in found.items() if text}

    def answers(self) -> dict[str, tuple[CellView, ...]]:
        """Return the cells with each answer, the solution cell itself first."""
        names = dict.fromkeys((*self._own, *self._others))
        return {name: (*self._own.get(name, ()), *self._others.get(name, ())) for name in names}


def _outputs(raw: object, number: int, figures: list[Figure], budget: _Budget) -> tuple[OutputView, ...]:
    views: list[OutputView] = []
    for output in raw if isinstance(raw, list) else ():
        if not isinstance(output, Mapping):
            continue
        view = _output(output, number, figures)
        if view is None:
            continue
        size = len(view.text) + len(view.table) + (len(view.figure.url) if view.figure else 0)
        if not budget.take(size):
            views.append(OutputView("note", "출력이 너무 커서 생략했습니다."))
            break
        if view.figure:
            figures.append(view.figure)
        views.append(view)
    return tuple(views)


def _output(output: Mapping[str, Any], number: int, figures: list[Figure]) -> OutputView | None:
    kind = output.get("output_type")
    if kind == "stream":
        text = plain_terminal(output.get("text"))
        return OutputView("text", text) if text.strip() else None
    if kind == "error":
        lines = output.get("traceback")
        parts = [part for part in lines if isinstance(part, str)] if isinstance(lines, list) else []
        short = f"{clean_text(output.get('ename'), 200)}: {plain_terminal(output.get('evalue'), 2000)}"
        return OutputView("error", plain_terminal("\n".join(parts)) or short)
    bundle = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(bundle, Mapping):
        return None
    for image in IMAGE_KINDS:
        encoded = image_base64(image, bundle.get(image))
        if encoded is not None:
            return OutputView("figure", figure=Figure(len(figures) + 1, number, f"data:{image};base64,{encoded}"))
    if bundle.get("text/html"):
        table = safe_table(bundle.get("text/html"))
        if "<table" in table:
            return OutputView("table", table=table)
        text = html_to_text(bundle.get("text/html"))
        if text:
            return OutputView("text", text)
    text = plain_terminal(bundle.get("text/plain"))
    if text.strip():
        return OutputView("text", text)
    shown = ", ".join(sorted(clean_text(name, 60) for name in bundle if isinstance(name, str))[:3])
    note = f"보여 줄 수 없는 형식의 출력입니다 ({shown}). 그림은 PNG로 저장하면 보입니다."
    return OutputView("note", note) if shown else None


def _nbgrader(cell: Mapping[str, Any]) -> tuple[str, bool]:
    metadata = cell.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(own, Mapping):
        return "", False
    return clean_text(own.get("grade_id"), 100), own.get("solution") is not True


def _answered(cell: Mapping[str, Any]) -> list[str]:
    """Return the solution cells whose questions are answered in a cell beside its own, see `marks.Mark.answers`."""
    metadata = cell.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, Mapping) else None
    named = own.get("answers") if isinstance(own, Mapping) else None
    return [clean_text(name, 100) for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _first_line(source: str) -> str:
    line = next((part for part in source.split("\n") if part.strip()), "")
    return re.sub(r"^#+\s*", "", line.strip())[:120]
