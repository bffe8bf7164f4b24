"""Prints the table case x defence of ``docs/security.md``: ``python -m tests.hostile.table``."""

from __future__ import annotations

from .course import Hostile, all_cases
from .defences import DEFENCES

__all__ = ["table"]


def table() -> str:
    """Return the Markdown table: one line for each case, under each defence whether the case needs it, and why not."""
    heads = ["row", "case", *DEFENCES.values(), "why nothing switched off lets it succeed"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [_line(case) for case in sorted(all_cases(), key=lambda case: (case.row, case.name))]
    return "\n".join(lines) + "\n"


def _line(case: Hostile) -> str:
    alone = {name for off in case.without if len(off) == 1 for name in off}
    together = {name for off in case.without for name in off} - alone
    marks = ["●" if name in alone else "○" if name in together else "" for name in DEFENCES]
    return f"| {case.row} | {case.name}: {case.about} | {' | '.join(marks)} | {case.why} |"


if __name__ == "__main__":
    print(table(), end="")
