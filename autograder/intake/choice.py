"""Owns which of several notebooks of one student is the answer: the one that was written.

A name decides only where the contents do not: people leave the untouched notebook beside ``-Copy1``, and hand in last
week's with this week's. Answers spread over two files are for a person, because one of them would be lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.catalog import read_master
from autograder.errors import AssignmentError
from autograder.intake.matching import Matching
from autograder.intake.release import ReleasedCell, released_cells
from autograder.model import Assignment

__all__ = ["Choice", "Found", "answered", "choose"]


@dataclass(frozen=True, slots=True)
class Found:
    """One notebook of a student.

    Args:
        name: of its file.
        answers: what it answers, see `answered`.
        digest: of its content; "" for one that cannot be read.
    """

    name: str
    answers: frozenset[str]
    digest: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which notebook is graded, None for none, and the code of what is to be told about that, or ""."""

    place: int | None
    code: str = ""


def answered(notebook: Mapping[str, Any] | None, assignment: Assignment) -> frozenset[str]:
    """Return the functions a canonical notebook defines of those asked for, and the text cells it answers.

    Nothing for a notebook that could not be read, and for every notebook where the master is not at hand.
    """
    anchors = _anchors(assignment)
    if notebook is None or not anchors:
        return frozenset()
    matching = Matching(notebook["cells"], anchors, assignment.questions)
    matching.match()
    words = (
        anchor.grade_id
        for anchor in anchors
        if anchor.solution and anchor.cell_type != "code" and _is_written(matching, anchor)
    )
    return frozenset(matching.written | set(words))


def choose(found: Sequence[Found], expected: str) -> Choice:
    """Return which of a student's notebooks to grade.

    Args:
        found: the notebooks, at least one.
        expected: file name of the assignment's notebook.

    Returns:
        A choice with the code ``notebook-extra`` (the named one; the others add nothing to it), ``notebook-written``
        (another one, as the named one has no answer), ``notebook-ambiguous`` or ``answers-in-several`` (nobody but a
        person can tell), or "" where there is nothing to tell.
    """
    named = [place for place, one in enumerate(found) if one.name == expected]
    written = [place for place, one in enumerate(found) if one.answers]
    if len(found) == 1:
        return Choice(0)
    if not written:
        return Choice(named[0], "notebook-extra") if len(named) == 1 else Choice(None, "notebook-ambiguous")
    if len(written) == 1:
        return Choice(written[0], "notebook-extra" if written == named else "notebook-written")
    first = named[0] if len(named) == 1 and named[0] in written else None
    if first is None:
        same = len({found[place].digest for place in written}) == 1
        return Choice(written[0], "notebook-written") if same else Choice(None, "notebook-ambiguous")
    if all(found[place].answers <= found[first].answers for place in written):
        return Choice(first, "notebook-extra")
    return Choice(None, "answers-in-several")


def _is_written(matching: Matching, anchor: ReleasedCell) -> bool:
    index = matching.claimed.get(anchor.grade_id)
    return index is not None and not matching.is_stub(anchor, index)


def _anchors(assignment: Assignment) -> tuple[ReleasedCell, ...]:
    try:
        return _read_anchors(assignment, assignment.master.stat().st_mtime_ns) if assignment.master else ()
    except (AssignmentError, OSError):
        return ()


@lru_cache(maxsize=16)
def _read_anchors(assignment: Assignment, _stamp: int) -> tuple[ReleasedCell, ...]:
    return released_cells(read_master(assignment))
