"""An executed notebook as values for a template: cells, their outputs, and the student's figures.

Owns the size of what is shown (`PAGE_CHARACTERS` for a page). Everything it returns has passed `sanitize`; it keeps a
student's own code and output and drops long locked instructions to their first line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

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
    """One image that the student's notebook made. `url` is a data: URL, `cell` the number of its code cell."""

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
    """One cell. `number` counts code cells from 1 and is 0 for text; `grade_id` is nbgrader's, or ""."""

    kind: str
    number: int
    source: str
    grade_id: str = ""
    outputs: tuple[OutputView, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookView:
    """Cells in order, figures in order, and for each cell index its code cell number."""

    cells: tuple[CellView, ...] = ()
    figures: tuple[Figure, ...] = ()
    numbers: Mapping[int, int] | None = None

    def number_of(self, index: int) -> int:
        """Return the code cell number of a 0-based cell index, or 0 if there is none."""
        return (self.numbers or {}).get(index, 0)

    def line_of(self, index: int, line: int) -> str:
        """Return one line (1-based) of a code cell, or "" if there is none."""
        number = self.number_of(index)
        source = next((c.source for c in self.cells if number and c.number == number), "")
        lines = source.split("\n")
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
    numbers: dict[int, int] = {}
    for index, cell in enumerate(raw if isinstance(raw, list) else ()):
        if not isinstance(cell, Mapping):
            continue
        grade_id, locked = _nbgrader(cell)
        source = clean_text(cell.get("source"), 100_000)
        if cell.get("cell_type") == "code":
            numbers[index] = len(numbers) + 1
            shown = source if budget.take(len(source)) else "(페이지가 너무 커져 생략했습니다.)"
            outputs = _outputs(cell.get("outputs"), numbers[index], figures, budget)
            cells.append(CellView("code", numbers[index], shown, grade_id, outputs))
        elif cell.get("cell_type") == "markdown" and source.strip():
            shown = _first_line(source) if locked or not grade_id else source
            if shown and budget.take(len(shown)):
                cells.append(CellView("markdown", 0, shown, "" if locked else grade_id))
    return NotebookView(tuple(cells), tuple(figures), numbers)


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


def _first_line(source: str) -> str:
    line = next((part for part in source.split("\n") if part.strip()), "")
    return re.sub(r"^#+\s*", "", line.strip())[:120]
