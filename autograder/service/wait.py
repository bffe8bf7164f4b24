"""How long a waiting student waits: what gradings have taken lately, played forward through the queue.

Pure: everything is passed in. The answer is about the queue as it is; it is asked for again as the queue moves. First
hand-ins that are still to come overtake later attempts, so those wait longer by the share of the slots that first
hand-ins have been taking lately.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.service.receipt import Receipt

__all__ = ["DEFAULT_SECONDS", "Place", "Running", "forecast", "rounded", "typical", "wait_words"]

DEFAULT_SECONDS = 10.0
"""A grading, before any has been measured."""
_LEAST_LEFT = 0.15
"""Of a grading that takes longer than usual so much of the usual time is still expected."""
_MOST_TAKEN = 0.7
"""At most this share of the slots is expected to go to first hand-ins that are still to come."""
_TRIMMED = 0.2
"""Left out at each end of the measured times: one that was in the ledger already, one that hung."""
_SOON_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue, from 1, and seconds until the result is expected."""

    place: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Running:
    """A grading that is going on: whose, of which assignment, for how many seconds."""

    student: str
    assignment: str
    seconds: float


def typical(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the time of a grading by assignment, in seconds, with "" for those of which nothing was measured.

    Args:
        times: measured seconds by assignment.
    """
    means = {name: _trimmed(sorted(own)) for name, own in times.items() if own}
    return {**means, "": sum(means.values()) / len(means) if means else DEFAULT_SECONDS}


def forecast(
    order: Sequence[tuple[Receipt, int]],
    running: Sequence[Running],
    times: Mapping[str, float],
    slots: int,
    now: float,
    first_each_second: float = 0.0,
) -> dict[str, Place]:
    """Return each waiting receipt's place and seconds until its result, by ref.

    Args:
        order: the queue, each with its turn.
        running: what is being graded.
        times: as `typical` returns them.
        slots: gradings at the same time.
        now: seconds since the epoch.
        first_each_second: first hand-ins that have been coming lately.
    """
    usual = {name: max(seconds, 0.1) for name, seconds in times.items()}
    other = usual.get("", DEFAULT_SECONDS)
    free = [0.0] * slots
    busy: dict[str, float] = {}
    for number, grading in enumerate(running[:slots]):
        its = usual.get(grading.assignment, other)
        free[number] = busy[grading.student] = max(its - grading.seconds, _LEAST_LEFT * its)
    heapq.heapify(free)
    taken = min(_MOST_TAKEN, first_each_second * other / slots)

    def may_begin(receipt: Receipt) -> float:
        return max(busy.get(receipt.student, 0.0), receipt.not_before - now)

    found: dict[str, Place] = {}
    left = [(place, receipt, turn) for place, (receipt, turn) in enumerate(order, start=1)]
    while left:
        at = heapq.heappop(free)
        at = max(at, min(may_begin(receipt) for _, receipt, _ in left)) if may_begin(left[0][1]) > at else at
        index = next(i for i, (_, receipt, _) in enumerate(left) if may_begin(receipt) <= at)
        place, receipt, turn = left.pop(index)
        end = at + usual.get(receipt.assignment, other)
        heapq.heappush(free, end)
        busy[receipt.student] = end
        found[receipt.ref] = Place(place, end + (at / (1.0 - taken) - at if turn else 0.0))
    return found


def rounded(seconds: float) -> int:
    """Return seconds as far as they can be known, so that what is shown changes when there is something to say."""
    step = 15 if seconds < 60 else 60 if seconds < 600 else 300
    return step * round(seconds / step)


def wait_words(seconds: float) -> str:
    """Return a sentence on when the result comes: "약 4분 뒤에 결과가 나옵니다."

    Rounded as far as it can be known: to minutes, from ten minutes to five of them.
    """
    if seconds <= _SOON_SECONDS:
        return "곧 결과가 나옵니다."
    if seconds <= 45:
        return "1분 안에 결과가 나옵니다."
    minutes = max(1, round(seconds / 60))
    if minutes >= 10:
        minutes = 5 * round(seconds / 300)
    hours, rest = divmod(minutes, 60)
    words = " ".join(f"{n}{unit}" for n, unit in ((hours, "시간"), (rest, "분")) if n)
    return f"약 {words} 뒤에 결과가 나옵니다."


def _trimmed(values: Sequence[float]) -> float:
    cut = int(len(values) * _TRIMMED)
    kept = values[cut : len(values) - cut]
    return sum(kept) / len(kept)
