"""Owns how verdicts are made and collected: templates filled with student text made harmless, few of each code.

Text that came from the student is shown only through `shown`, which cuts it short and takes out characters that could
reorder or break a line; whoever renders it still escapes it.
"""

from __future__ import annotations

import unicodedata

from autograder.cells import cell_place
from autograder.intake.verdicts import TABLE
from autograder.korean import fill
from autograder.model import Verdict

__all__ = ["Findings", "shown", "verdict"]

_PER_CODE = 20
"""At most so many verdicts of one code for one submission; a notebook of 2,000 broken cells is one finding."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories not shown: control, format (bidi), surrogate, private, unassigned, line separators."""


def verdict(code: str, *, cell: str | None = None, detail: str = "", **fields: str | int) -> Verdict:
    """Return the verdict of this code.

    Args:
        code: a key of `TABLE`.
        cell: `grade_id`, or the 0-based index in the notebook as handed in, as text; becomes the fields ``label`` and
            ``where`` of the message.
        detail: English, staff only; cut to 500 characters.
        fields: the template's other fields; text from students is passed through `shown` here.

    Raises:
        KeyError: an unknown code, or a field of the template that was not given.
    """
    kind = TABLE[code]
    texts = {name: shown(value) if isinstance(value, str) else str(value) for name, value in fields.items()}
    message = fill(kind.message, where=_where(cell), label=shown(cell or ""), **texts)
    return Verdict(code, message, fatal=kind.fatal, cell=cell, detail=shown(detail, 500))


def shown(text: str, limit: int = 60) -> str:
    """Return student text fit for a message: one line of at most `limit` visible characters."""
    kept = "".join(c if unicodedata.category(c) not in _HIDDEN else "\ufffd" for c in text[: limit + 1])
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


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
    return place if place != cell else f"'{shown(cell)}' 셀"
