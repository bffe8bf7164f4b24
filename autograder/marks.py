"""Owns what assembling tells the judge about a cell: written into its metadata, so that it goes wherever the cell goes.

Staff and students never write it: whatever a submission claims under this name is dropped when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["FiguresState", "Mark", "Stub", "figures_state", "with_figures"]

_KEY = "autograder"


@dataclass(frozen=True, slots=True)
class Stub:
    """A function or class that does nothing yet, and its first and last line in the cell (1-based)."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a cell before it runs.

    Args:
        cell: its place in the notebook as it was handed in, from 1; 0 for a cell that was not in it.
        answers: solution cells (`grade_id`) whose questions have an answer in it, beside its own.
        stubs: functions in it that do nothing yet: none counts where the student defines that name elsewhere.
        unbegun: nothing of the question has been written anywhere, as far as the text tells.
        names: functions in the stub of an answer cell, where the assignment does not say what its question asks for.
    """

    cell: int = 0
    answers: tuple[str, ...] = ()
    stubs: tuple[Stub, ...] = ()
    unbegun: bool = False
    names: tuple[str, ...] = ()

    def metadata(self) -> dict[str, Any]:
        """Return the metadata that says so."""
        said: dict[str, Any] = {"cell": self.cell}
        if self.answers:
            said["answers"] = list(self.answers)
        if self.stubs:
            said["stubs"] = [[stub.name, stub.first, stub.last] for stub in self.stubs]
        if self.unbegun:
            said["unbegun"] = True
        if self.names:
            said["names"] = list(self.names)
        return {_KEY: said}

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> Mark:
        """Return the mark of an assembled cell; an empty one where it has none."""
        said = cell.get("metadata", {}).get(_KEY, {})
        return cls(
            cell=int(said.get("cell", 0)),
            answers=tuple(said.get("answers", ())),
            stubs=tuple(Stub(str(name), int(first), int(last)) for name, first, last in said.get("stubs", ())),
            unbegun=bool(said.get("unbegun", False)),
            names=tuple(said.get("names", ())),
        )


class FiguresState(StrEnum):
    """What has become of the outputs of the cells that were not run before the score."""

    COMPLETE = "complete"
    DUE = "due"
    LEFT = "left"
    """Nobody has asked for them."""
    FAILED = "failed"


def figures_state(notebook: Mapping[str, Any] | None) -> FiguresState:
    """Return what an executed notebook says of its figures; without a word they are complete."""
    said = (notebook or {}).get("metadata", {}).get(_KEY, {})
    try:
        return FiguresState(said.get("figures", "complete"))
    except (ValueError, AttributeError):
        return FiguresState.COMPLETE


def with_figures(notebook: Mapping[str, Any], state: FiguresState) -> dict[str, Any]:
    """Return an executed notebook that says this of its figures."""
    metadata = {name: part for name, part in notebook.get("metadata", {}).items() if name != _KEY}
    if state is not FiguresState.COMPLETE:
        metadata[_KEY] = {"figures": state.value}
    return {**notebook, "metadata": metadata}
