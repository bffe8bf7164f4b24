"""What is left of a run: how many submissions wait to be graded, and for about how long.

The run draws its submissions one by one, so a thread beside it reads the same sources once more and counts. Until that
is done nothing is said. What an earlier run had graded is not left: it takes no time. Estimates, never a result.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from autograder.grading.pace import Pace

if TYPE_CHECKING:
    from autograder.grading.pipeline import Progress
    from autograder.model import Submission

__all__ = ["Ahead", "Work"]

Work = tuple[str, str]
"""Student and digest."""


class Ahead:
    """Counts ahead of one run, and measures its pace."""

    def __init__(
        self,
        submissions: Callable[[], Iterable[Submission]],
        free: Callable[[], Iterable[Work]],
        slots: int,
    ) -> None:
        """Begin to count, and to measure.

        Args:
            submissions: reads the run's submissions, from the beginning.
            free: gives the works that this run need not grade: an earlier one did.
            slots: how many are graded at a time.
        """
        self._submissions, self._free = submissions, free
        self._pace = Pace(slots)
        self._told: set[Work] = set()
        self._counted: tuple[int, frozenset[Work]] | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._count, name="count-submissions", daemon=True)
        self._thread.start()

    @property
    def done(self) -> int:
        """How many submissions have reached their end, those graded earlier included."""
        return len(self._told)

    @property
    def total(self) -> int | None:
        """How many submissions there are; None while they are counted."""
        return None if self._counted is None else max(self._counted[0], len(self._told))

    @property
    def left(self) -> int | None:
        """How many are to be graded yet, those being graded included; None while they are counted."""
        return None if self._counted is None else len(self._counted[1] - self._told)

    @property
    def seconds(self) -> float | None:
        """How long that takes from this moment on; None while nobody can say."""
        return None if self.left is None else self._pace.seconds_left(self.left)

    def take(self, progress: Progress) -> None:
        """Take in a submission that has reached its end; what comes a second time (a badge) counts once."""
        record = progress.record
        work = record.student, record.digest
        if work in self._told:
            return
        self._told.add(work)
        if not progress.cached:
            self._pace.finish(record.seconds)

    def close(self) -> None:
        """Stop counting."""
        self._closed.set()
        self._thread.join()

    def _count(self) -> None:
        try:
            found: set[Work] = set()
            for submission in self._submissions():
                found.add((submission.student, submission.digest))
                if self._closed.is_set():
                    return
            self._counted = len(found), frozenset(found.difference(self._free()))
        except Exception:  # what cannot be read is told by the run itself
            self._counted = None
