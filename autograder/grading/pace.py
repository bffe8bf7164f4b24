"""How long a run will still take, from what it has measured itself: pure arithmetic, the clock passed in.

A run has `slots`, each of which grades one submission after the other. What a submission holds of a slot is the time
between its slot's becoming free and its finish; the ones to come are taken to be like the ones that were.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import time
from collections.abc import Callable, Sequence

__all__ = ["Pace"]

_FEWEST = 2
"""Finished submissions before which nothing is said: one may be the exception."""

_LONGER_PERCENT = 125
"""Of its age, what the oldest one takes where none has taken as long: nobody knows; a little longer."""


class Pace:
    """The pace of one run.

    Example:
        >>> now = 0.0
        >>> pace = Pace(1, clock=lambda: now)
        >>> for now in (10.0, 20.0, 30.0):
        ...     pace.finish(10.0)
        >>> pace.seconds_left(9)
        90.0
    """

    def __init__(self, slots: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin: all slots become free at this moment.

        Args:
            slots: how many submissions are graded at a time, at least 1.
            clock: seconds, rising.
        """
        self._clock = clock
        self._free = [clock()] * max(1, slots)
        self._took: list[float] = []

    def finish(self, seconds: float) -> None:
        """Take in a submission that is finished at this moment.

        Args:
            seconds: how long it was graded, 0 if no slot was needed for it (a file that cannot be read).
        """
        now = self._clock()
        if seconds <= 0:
            self._took.append(0.0)
            return
        slot = min(range(len(self._free)), key=lambda i: abs(now - seconds - self._free[i]))
        self._took.append(max(now - self._free[slot], 0.0))
        self._free[slot] = now

    def seconds_left(self, left: int) -> float | None:
        """Return how many seconds `left` further submissions take, those in the slots included; None if too early."""
        if len(self._took) < _FEWEST:
            return None
        if left <= 0:
            return 0.0
        now = self._clock()
        ages = sorted((now - free for free in self._free), reverse=True)[:left]
        lengths, shares = _distribution(self._took, ages)
        ends = [_rest(lengths, shares, age) for age in ages]
        ends += [0.0] * (len(self._free) - len(ends))
        heapq.heapify(ends)
        below = list(itertools.accumulate(shares))
        golden = (5**0.5 - 1) / 2  # its multiples modulo 1 lie evenly: what is drawn has the mean of what was measured
        for place in range(1, left - len(ages) + 1):
            drawn = lengths[min(bisect.bisect(below, place * golden % 1), len(lengths) - 1)]
            heapq.heapreplace(ends, ends[0] + drawn)
        return max(ends)


def _distribution(took: Sequence[float], ages: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return lengths, rising, and the share of submissions of each: the product-limit estimate of Kaplan and Meier.

    The short ones finish first: the mean of the finished alone is too small while as many are being graded. Those count
    as longer than they are old. An oldest one that is older than all finished ones counts as `_LONGER_PERCENT` of that.
    """
    seen = sorted([(seconds, 0) for seconds in took] + [(age, 1) for age in ages])
    lengths, shares, rest = [], [], 1.0
    for place, (seconds, still) in enumerate(seen):
        last = place == len(seen) - 1
        if not still or last:
            share = rest if last else rest / (len(seen) - place)
            lengths.append(seconds * (_LONGER_PERCENT / 100 if still else 1.0))
            shares.append(share)
            rest -= share
    return lengths, shares


def _rest(lengths: Sequence[float], shares: Sequence[float], age: float) -> float:
    """Return how long one that has been graded for `age` seconds still takes: the mean of those that take longer."""
    longer = [(seconds - age, share) for seconds, share in zip(lengths, shares, strict=True) if seconds > age]
    whole = sum(share for _, share in longer)
    return sum(rest * share for rest, share in longer) / whole if whole > 0 else 0.0
