"""What a point is worth: the points that a suite takes for a named mistake beside those that grading by hand takes.

A wrong work of the corpus states in its header how much of its question a person would take who reads the question's
text and the work and nothing of the suite: ``# hand: 40% the sign is wrong for every input``. The column is written
before the suite's weights are; the suite is then held to it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.quality.bench import CaseResult

__all__ = ["HandRow", "Means", "hand_rows", "means_of", "proposed_losses"]

NEAR = 10.0
"""Points of a question's 100 within which suite and hand count as agreeing."""


@dataclass(frozen=True, slots=True)
class HandRow:
    """One named mistake: its question, what it is, and the share of the question (percent) that either takes."""

    question: str
    about: str
    by_hand: float
    by_suite: float
    reason: str

    @property
    def near(self) -> bool:
        """Whether the two are within `NEAR` points of a question's 100."""
        return abs(self.by_hand - self.by_suite) <= NEAR


@dataclass(frozen=True, slots=True)
class Means:
    """Over the named mistakes of one assignment: mean percent taken by hand and by the suite, and how many are near."""

    count: int
    by_hand: float
    by_suite: float
    near: float

    @property
    def apart(self) -> float:
        """The difference of the means, in points of 100."""
        return abs(self.by_hand - self.by_suite)


def hand_rows(results: Iterable[CaseResult]) -> list[HandRow]:
    """Return a row for each wrong work about one question that was graded by hand, in their order."""
    return [
        HandRow(r.case.question, r.case.about, r.case.hand, 100 * r.points / r.possible, r.case.hand_reason)
        for r in results
        if r.case.hand is not None and r.case.question and r.possible
    ]


def means_of(rows: Iterable[HandRow]) -> Means | None:
    """Return the means over these rows; None if there is none."""
    kept = list(rows)
    if not kept:
        return None
    count = len(kept)
    return Means(
        count,
        sum(row.by_hand for row in kept) / count,
        sum(row.by_suite for row in kept) / count,
        sum(row.near for row in kept) / count,
    )


def proposed_losses(result: CaseResult, header: str, path: str) -> str:
    """Return a patch that makes a wrong work's ``# loses:`` lines say what it lost under every secret.

    Nothing is accepted unread: each line that comes or goes carries the reason, the test's own first sentence.

    Args:
        result: what the work lost.
        header: the file's text.
        path: its name in the patch.
    """
    old = header.splitlines()
    first = next((n for n, line in enumerate(old) if line.startswith("# loses:")), None)
    kept = [line for line in old if not line.startswith("# loses:")]
    if first is None:
        first = next((n for n, line in enumerate(old) if not line.startswith("#")), len(old))
    place = sum(not line.startswith("# loses:") for line in old[:first])
    new = [*kept[:place], *(f"# loses: {name}" for name in sorted(result.always)), *kept[place:]]
    names = sorted(set(result.always) ^ set(result.case.loses))
    why = [f"# {path}: {name}: {result.reasons.get(name, 'passed')}" for name in names]
    patch = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join([*why, *patch])
