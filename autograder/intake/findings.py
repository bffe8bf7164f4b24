"""Owns how verdicts are made and collected: templates filled with student text made harmless, few of each code.

Text that came from the student is shown only through `autograder.plain.one_line`, cut short; whoever renders it still
escapes it.
"""

from __future__ import annotations

from autograder.cells import cell_place
from autograder.intake.verdicts import TABLE
from autograder.korean import fill
from autograder.model import Verdict
from autograder.plain import one_line

__all__ = ["MOST_SHOWN", "Findings", "verdict"]

MOST_SHOWN = 60
"""Characters of a student's text in a message."""

_PER_CODE = 20
"""At most so many verdicts of one code for one submission; a notebook of 2,000 broken cells is one finding."""


def verdict(code: str, *, cell: str | None = None, detail: str = "", **fields: str | int) -> Verdict:
    """Return the verdict of this code.

    Args:
        code: a key of `TABLE`.
        cell: `grade_id`, or the 0-based index in the notebook as handed in, as text; becomes the fields ``label`` and
            ``where`` of the message.
        detail: English, staff only; cut to 500 characters.
        fields: the template's other fields; text from students is passed through `one_line` here.

    Raises:
        KeyError: an unknown code, or a field of the template that was not given.
    """
    kind = TABLE[code]
    texts = {name: one_line(value, MOST_SHOWN) for name, value in fields.items()}
    message = fill(kind.message, where=_where(cell), label=one_line(cell or "", MOST_SHOWN), **texts)
    return Verdict(code, message, fatal=kind.fatal, cell=cell, detail=one_line(detail, 500))


class Findings:
    """Collects the verdicts of one submission in the order found, each only once, and few of each code."""

    def __init__(self) -> None:
        self._found: dict[Verdict, None] = {}
        self._counts: dict[str, int] = {}

    def add(self, code: str, *, cell: str | None = None, detail: str = "", **fields: str | int) -> None:
        """Add the verdict that `verdict` returns for these arguments."""
        if self._counts.get(code, 0) >= _PER_CODE:
            return
        found = verdict(code, cell=cell, detail=detail, **fields)
        if found not in self._found:
            self._found[found] = None
            self._counts[code] = self._counts.get(code, 0) + 1

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What was found so far."""
        return tuple(self._found)

    @property
    def fatal(self) -> bool:
        """Whether any of it is fatal."""
        return any(v.fatal for v in self._found)


def _where(cell: str | None) -> str:
    if cell is None:
        return "노트북"
    place = cell_place(cell)
    return place if place != cell else f"'{one_line(cell, MOST_SHOWN)}' 셀"
