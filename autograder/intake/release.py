"""Owns what students were given: the released form of the instructor's notebook.

Solution regions are replaced by the stub exactly as nbgrader's ClearSolutions does with this course's configuration,
and hidden-test and mark-scheme regions are removed as its preprocessors do, so nothing of a solution can pass from
the master into a notebook that runs beside student code. The markers and rules are nbgrader's
(`nbgrader/preprocessors/clear*.py`, 0.9.6); nbgrader itself is not imported here because that takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.errors import AssignmentError
from autograder.intake.notebook import grade_id

__all__ = ["CODE_STUB", "TEXT_STUB", "ReleasedCell", "released_cells"]

CODE_STUB = "# 여기에 코드를 작성하세요.\nraise NotImplementedError"
"""`ClearSolutions.code_stub["python"]` of the course's nbgrader configuration."""

TEXT_STUB = "여기에 답을 작성하세요."
"""`ClearSolutions.text_stub` of the course's nbgrader configuration."""

_REMOVED = ("HIDDEN TESTS", "MARK SCHEME")


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """One nbgrader cell of the assignment as students received it.

    Args:
        grade_id: its name, unique in the notebook.
        cell_type: ``"code"`` or ``"markdown"``.
        source: its text without any solution; for a solution cell, the stub.
        solution: the student writes in it; otherwise it is locked.
        nbgrader: the master's nbgrader metadata.
    """

    grade_id: str
    cell_type: str
    source: str
    solution: bool
    nbgrader: dict[str, Any]


def released_cells(master: Mapping[str, Any]) -> tuple[ReleasedCell, ...]:
    """Return the cells of the master that carry nbgrader metadata, in order, without solutions and hidden regions.

    Raises:
        AssignmentError: ``master-invalid``: no cells, a `grade_id` twice, or a region that does not end.
    """
    cells = master.get("cells")
    if not isinstance(cells, list):
        raise _invalid("no list of cells")
    released: dict[str, ReleasedCell] = {}
    for cell in cells:
        label = grade_id(cell)
        if not label:
            continue
        if label in released:
            raise _invalid(f"grade_id {label!r} twice")
        released[label] = _released(cell, label)
    return tuple(released.values())


def _released(cell: Mapping[str, Any], label: str) -> ReleasedCell:
    marks = dict(cell["metadata"]["nbgrader"])
    kind = str(cell["cell_type"])
    source = "".join(cell["source"]).replace("\r\n", "\n")
    solution = bool(marks.get("solution", False))
    stub = CODE_STUB if kind == "code" else TEXT_STUB
    cleared, replaced = _replace(source, "SOLUTION", stub, label)
    if solution and not replaced:
        cleared = stub
    for region in _REMOVED:
        cleared, _ = _replace(cleared, region, None, label)
    return ReleasedCell(label, kind, cleared, solution, marks)


def _replace(source: str, region: str, stub: str | None, label: str) -> tuple[str, bool]:
    """Return the source with each region replaced by the stub at its indent (or removed), and whether any was."""
    begin, end = f"BEGIN {region}", f"END {region}"
    kept: list[str] = []
    inside = replaced = False
    for line in source.split("\n"):
        if begin in line:
            if inside:
                raise _invalid(f"nested {begin} in {label!r}")
            inside = replaced = True
            indent = re.match(r"\s*", line)
            if stub is not None:
                kept += [(indent[0] if indent else "") + text for text in stub.split("\n")]
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise _invalid(f"{begin} without {end} in {label!r}")
    return "\n".join(kept), replaced


def _invalid(detail: str) -> AssignmentError:
    return AssignmentError(
        "master-invalid", "원본 노트북의 형식이 잘못되었습니다. solutions/의 노트북을 확인하세요.", detail=detail
    )
