"""Prints the table case x defence of ``docs/security.md``: ``python -m tests.hostile.table``."""

from __future__ import annotations

from itertools import groupby

from .course import Hostile, all_cases

__all__ = ["table"]

_COLUMNS = {
    "landlock": "files",
    "seccomp": "calls",
    "rlimits": "limits",
    "uid_drop": "user",
    "process": "process",
}


def table() -> str:
    """Return the Markdown table: one line for each case, a dot under each defence it was seen to need."""
    lines = ["| row | case | " + " | ".join(_COLUMNS.values()) + " |", "|---|---|" + "---|" * len(_COLUMNS)]
    for row, cases in groupby(sorted(all_cases(), key=lambda case: (case.row, case.name)), key=lambda case: case.row):
        lines += [_line(row, case) for case in cases]
    return "\n".join(lines) + "\n"


def _line(row: int, case: Hostile) -> str:
    marks = " | ".join("●" if name in case.without else "" for name in _COLUMNS)
    return f"| {row} | {case.name}: {case.about} | {marks} |"


if __name__ == "__main__":
    print(table(), end="")
