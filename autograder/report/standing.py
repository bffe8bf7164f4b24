"""What the gradebook says of one submission beyond its record: what a person decided, and what lateness costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Mark", "Standing"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What one question counts.

    Args:
        score: points that count, extra credit included; None if nobody has decided yet.
        by_hand: a person set the points.
        waits: a person has yet to look.
        comment: what a person wrote, "" if nothing.
    """

    score: float | None
    by_hand: bool = False
    waits: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission in the gradebook.

    Args:
        marks: by question id.
        possible: points of all questions, the manual ones included.
        penalty: points taken off for lateness.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)
    possible: float = 0.0
    penalty: float = 0.0

    @property
    def total(self) -> float | None:
        """What counts in the end, None while a person has yet to look at anything."""
        if any(mark.waits or mark.score is None for mark in self.marks.values()):
            return None
        return max(round(sum(mark.score or 0.0 for mark in self.marks.values()) - self.penalty, 6), 0.0)
