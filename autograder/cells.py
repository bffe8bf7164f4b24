"""Owns how a cell is numbered and named in everything that people read: one way, from 1, text cells counted too.

The number is the cell's place in the notebook *as it was handed in*, which a student can count. The notebook that runs
may hold others between them (locked cells put back, copies left out), so assembly writes the number into each cell's
metadata, ``{"autograder": {"cell": 3}}``, and 0 into a cell that was not handed in. Where nothing is written, the
notebook is as it was handed in, and a cell's number is its index + 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["cell_key", "cell_number", "cell_place", "numbered"]


def cell_number(cell: Mapping[str, Any], index: int) -> int:
    """Return the number of a cell (nbformat JSON, any values) with this index, or 0 if it was not handed in."""
    metadata = cell.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, Mapping) else None
    if not isinstance(own, Mapping) or "cell" not in own:
        return index + 1
    stated = own["cell"]
    return stated if type(stated) is int and 0 < stated < 10**6 else 0


def numbered(number: int) -> str:
    """Return what a cell with this number is called: ``3번째 셀``; one that was not handed in is ``되살린 셀``."""
    return f"{number}번째 셀" if number > 0 else "되살린 셀"


def cell_key(grade_id: str, number: int) -> str:
    """Return what `Verdict.cell` holds for a cell: its grade_id, or one less than its number, as text."""
    return grade_id or str(max(number - 1, 0))


def cell_place(key: str) -> str:
    """Return what `Verdict.cell` says, for people: ``q1`` stays, ``2`` is ``3번째 셀``."""
    return numbered(int(key) + 1) if key.isascii() and key.isdecimal() and len(key) < 6 else key
