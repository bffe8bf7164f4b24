"""What `Pace` says of runs whose end is known: simulated slots, no clock but the simulation's."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence

import pytest

from autograder.grading.pace import Pace


def simulate(durations: Sequence[float], slots: int) -> list[tuple[float, float | None]]:
    """Grade submissions of these seconds in order; return, at each finish, what was truly left and what was said."""
    now = 0.0
    pace = Pace(slots, clock=lambda: now)
    waiting = list(durations)
    running: list[tuple[float, float]] = []
    told: list[tuple[float, float | None]] = []
    while waiting or running:
        while waiting and (len(running) < slots or waiting[0] == 0):
            seconds = waiting.pop(0)
            heapq.heappush(running, (now + seconds, seconds))
        now, seconds = heapq.heappop(running)
        pace.finish(seconds)
        told.append((now, pace.seconds_left(len(waiting) + len(running))))
    moments = zip(told, [*told[1:], (-1.0, None)], strict=True)
    return [(now - at, said) for (at, said), (following, _) in moments if following != at]  # one for each moment


def lengths(kind: str, count: int, seed: int) -> list[float]:
    draw = random.Random(f"{kind} {seed}")
    if kind == "even":
        return [8.0] * count
    if kind == "spread":
        return [draw.uniform(4, 16) for _ in range(count)]
    if kind == "some-unreadable":
        return [0.0 if draw.random() < 0.1 else draw.uniform(4, 12) for _ in range(count)]
    return [60.0 if draw.random() < 0.1 else draw.uniform(4, 10) for _ in range(count)]  # some endless loops


@pytest.mark.parametrize("slots", [1, 2, 8, 16])
@pytest.mark.parametrize(("kind", "count"), [("even", 30), ("spread", 60), ("some-unreadable", 60), ("loops", 200)])
def test_after_a_quarter_the_time_left_is_true_within_30_per_cent(kind: str, count: int, slots: int) -> None:
    """In five of six cases: how long the others take is not written on the first quarter."""
    errors = []
    for seed in range(10):
        told = simulate(lengths(kind, count, seed), slots)
        whole = told[0][0]
        for truly, said in told:
            if not 0.5 * whole <= truly <= 0.75 * whole:
                continue

            assert said is not None
            errors.append(abs(said - truly) / truly)
    assert sum(error > 0.3 for error in errors) <= len(errors) / 6, sorted(errors)[-5:]


@pytest.mark.parametrize("slots", [1, 2, 8])
def test_at_the_end_it_is_wrong_by_no_more_than_three_submissions(slots: int) -> None:
    durations = lengths("spread", 60, 0)
    for truly, said in simulate(durations, slots)[20:]:
        assert said is not None
        assert abs(said - truly) <= max(0.3 * truly, 3 * max(durations))


def test_two_are_enough_and_at_the_end_nothing_is_left() -> None:
    pace = Pace(2)
    pace.finish(1.0)
    assert pace.seconds_left(5) is None
    said = [words for _, words in simulate([5.0] * 6, 2)]
    assert said[0] == pytest.approx(10.0)
    assert said[-1] == 0.0
