"""Owns what can be said of a submission before it is run: what intake and assembly find, and what is still blank.

``autograder check`` and the service's receipt say the same, because both ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.intake.assemble import assemble
from autograder.intake.belonging import Fingerprint
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.model import Assignment, Submission, Verdict

__all__ = ["Look", "look"]

_BLANK = frozenset({"unanswered", "cell-missing"})


@dataclass(frozen=True, slots=True)
class Look:
    """What was found.

    Args:
        verdicts: of intake and assembly, each once.
        blank: ids of the questions for which nothing was written, in the assignment's order.
    """

    verdicts: tuple[Verdict, ...]
    blank: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether the work waits for staff, or earns nothing because there is no answer in it."""
        return any(v.fatal or v.code in NOTHING_TO_GRADE for v in self.verdicts)


def look(
    submission: Submission,
    assignment: Assignment,
    master: Mapping[str, Any],
    others: Callable[[], Sequence[Fingerprint]] = tuple,
) -> Look:
    """Look at a submission without running it; arguments and errors as `autograder.intake.assemble`."""
    verdicts = submission.verdicts
    if submission.fatal is None and submission.notebook is not None:
        verdicts = tuple(dict.fromkeys((*verdicts, *assemble(submission, assignment, master, others).verdicts)))
    codes = {v.code for v in verdicts}
    cells = {v.cell for v in verdicts if v.code in _BLANK}
    blank = tuple(
        question.id
        for question in assignment.questions
        if question.solution_cell in cells
        or "template-untouched" in codes
        or ("code-unanswered" in codes and not question.manual)
    )
    return Look(verdicts, blank)
