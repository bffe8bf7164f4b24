"""Owns the question whose work a notebook is: this assignment's, another's, nobody's, or only what was handed out.

A notebook without anything of this assignment must never become a silent zero. What is in it decides: the released
texts it still holds, and the functions it defines. The assignment's id that a release writes into a notebook's metadata
decides only where these do not, because tools drop metadata and students copy cells from one file to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.catalog import assignments, read_master
from autograder.errors import AssignmentError
from autograder.intake.matching import Matching, plain
from autograder.intake.notebook import stated_assignment
from autograder.intake.release import ReleasedCell, released_cells
from autograder.model import Assignment

__all__ = ["Fingerprint", "fingerprint", "fingerprints_beside", "judge_belonging"]

_SEVERAL = 4
"""Of so many graded functions a single one can be there by chance: ``train`` is in half of all notebooks."""

_LONG = 60
"""Characters of a released text that nobody writes by chance; ``check("q1")`` is in every assignment."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an assignment's notebooks can be known by.

    Args:
        assignment: its id.
        texts: its long released texts, as texts are compared.
        names: its graded functions.
    """

    assignment: str
    texts: frozenset[str]
    names: frozenset[str]


def fingerprint(assignment: Assignment, master: Mapping[str, Any]) -> Fingerprint:
    """Return the fingerprint of an assignment; raises AssignmentError (``master-invalid``)."""
    texts = (plain(anchor.source) for anchor in released_cells(master))
    names = (name for question in assignment.questions for name in question.names)
    return Fingerprint(assignment.id, frozenset(t for t in texts if len(t) >= _LONG), frozenset(names))


def fingerprints_beside(assignment: Assignment) -> tuple[Fingerprint, ...]:
    """Return the fingerprints of the course's other assignments, as far as their notebooks can be read."""
    if assignment.master is None:
        return ()
    found = []
    for other in assignments(assignment.master.parents[2])[0]:
        if other.id != assignment.id:
            with suppress(AssignmentError):
                found.append(fingerprint(other, read_master(other)))
    return tuple(found)


def judge_belonging(
    matching: Matching,
    notebook: Mapping[str, Any],
    assignment: Assignment,
    others: Callable[[], Sequence[Fingerprint]],
) -> None:
    """Tell about a matched notebook: whose it is if not this assignment's, or else what there is to tell of its cells.

    Adds ``assignment-mismatch``, ``no-answers`` or ``answers-unclear`` (fatal), or `Matching.report`, and where nothing
    is there to be graded ``template-untouched`` or ``code-unanswered``.
    """
    known = [other for other in others() if other.assignment != assignment.id]
    shared = frozenset[str]().union(*(other.texts for other in known))
    kept = {plain(anchor.source) for anchor in matching.anchors if _is_kept(matching, anchor)} - shared
    labels = {q.solution_cell for q in assignment.questions}
    answers = [anchor for anchor in matching.anchors if anchor.grade_id in labels]
    code = [anchor for anchor in answers if anchor.cell_type == "code"]
    best, most = _likeliest(matching, notebook, known, assignment.id)

    ours = matching.answered and (kept or matching.fits())
    if not ours and most > len(kept) + max(len(matching.written), len(matching.answered)):
        matching.findings.add("assignment-mismatch", name=best, expected=assignment.id)
    elif not matching.answered and not (kept and any(anchor.grade_id in matching.claimed for anchor in code)):
        matching.findings.add("no-answers", expected=assignment.id)
    elif not ours and len(matching.written) == 1 and len(matching.graded) >= _SEVERAL:
        matching.findings.add("answers-unclear", name=min(matching.written), expected=assignment.id)
    elif code and all(anchor.grade_id in matching.unbegun for anchor in code):
        words = [a for a in answers if a not in code and _is_written(matching, a)]
        matching.findings.add("code-unanswered" if words else "template-untouched")
        matching.report(unanswered=False)
    else:
        matching.report()


def _likeliest(
    matching: Matching, notebook: Mapping[str, Any], others: Sequence[Fingerprint], own: str
) -> tuple[str, int]:
    """Return which other assignment most of the notebook is of, and how many of its texts and functions it has."""
    ours = {plain(anchor.source) for anchor in matching.anchors}
    texts = {plain(cell["source"]) for cell in notebook["cells"]} - ours
    names = matching.defined_anywhere() - matching.graded
    found = {other.assignment: len(other.texts & texts) + len(other.names & names) for other in others}
    stated = stated_assignment(notebook)
    if stated not in ("", own):
        found[stated] = found.get(stated, 0) + 1
    best = max(found, key=lambda name: found[name], default="")
    return best, found.get(best, 0)


def _is_kept(matching: Matching, anchor: ReleasedCell) -> bool:
    return len(plain(anchor.source)) >= _LONG and matching.is_released(anchor)


def _is_written(matching: Matching, anchor: ReleasedCell) -> bool:
    index = matching.claimed.get(anchor.grade_id)
    return index is not None and not matching.is_stub(anchor, index)
