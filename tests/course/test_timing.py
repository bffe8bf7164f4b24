"""Timing in the notebooks: CPU time with the wall clock beside it, and a word when the machine is busy."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from course.timing import BUSY, FLOOR_SECONDS, Stopwatch, fine, tell_if_busy
from tests.course.masters import solve


def clock(readings: Iterable[float]) -> Callable[[], float]:
    left = iter(readings)
    return lambda: next(left)


def walls(*seconds: float) -> Stopwatch:
    """A stopwatch whose wall clock has seen these spans."""
    now, readings = 0.0, []
    for span in seconds:
        readings += [now, now + span]
        now += span + 1
    watch = Stopwatch(cpu=lambda: 0.0, wall=clock(readings))
    for _ in readings:
        watch()
    return watch


def test_the_process_own_time_is_read_and_the_wall_clock_noted() -> None:
    watch = Stopwatch(cpu=clock([1.0, 1.25, 2.0, 2.5]), wall=clock([10.0, 14.0, 20.0, 21.0]))

    assert [watch() for _ in range(4)] == [1.0, 1.25, 2.0, 2.5]
    assert watch.walls == [4.0, 1.0]


def test_a_clock_of_coarse_ticks_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fine(itertools.count(step=1e-7).__next__)
    assert not fine(lambda: 0.015625)
    monkeypatch.setattr("course.timing._system_is_fine", lambda: False)
    watch = Stopwatch(wall=clock([1.0, 1.5]))

    assert [watch(), watch()] == [1.0, 1.5]
    assert watch.beside(0.5) == "500.000 ms (벽시계)"


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_work_of_another_device_is_read_on_the_wall_clock(device: str) -> None:
    watch = Stopwatch(device, cpu=clock([]), wall=clock([3.0, 5.0]))

    assert [watch(), watch()] == [3.0, 5.0]
    assert watch.beside(2.0) == "2000.000 ms (벽시계)"


def test_a_span_that_has_not_ended_is_left_out() -> None:
    watch = Stopwatch(cpu=lambda: 0.0, wall=clock([0.0, 1.0, 2.0]))
    for _ in range(3):
        watch()
    assert watch.walls == [1.0]


@pytest.mark.parametrize(
    ("seconds", "busy"),
    [
        ((), False),
        ((1.0,), False),
        ((1.0, 2.9), False),
        ((1.0, 3.1), True),
        ((1e-6, FLOOR_SECONDS / 2), False),
        ((0.0, 1.0), True),
    ],
)
def test_a_machine_is_busy_when_the_same_work_takes_three_times_as_long(
    seconds: tuple[float, ...], busy: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = walls(*seconds)

    assert BUSY == 3
    assert watch.busy is busy
    assert tell_if_busy(walls(1.0, 1.0), watch) is busy
    assert ("바쁩니다" in capsys.readouterr().out) is busy


@pytest.mark.parametrize(("seconds", "middle"), [((1.0, 3.0, 2.0), "2000.000"), ((1.0, 3.0), "2000.000")])
def test_both_times_stand_side_by_side(seconds: tuple[float, ...], middle: str) -> None:
    assert walls(*seconds).beside(0.5) == f"CPU 500.000 ms (벽시계 {middle} ms)"


def test_the_notebooks_benchmark_takes_it_for_a_timer() -> None:
    own: dict[str, Any] = solve("04-gpu-speedup")
    watch = Stopwatch()

    found = own["benchmark"](lambda: sum(range(1000)), warmup=1, repeats=5, timer=watch)

    assert len(watch.walls) == len(found["times"]) == 5
    assert all(cpu >= 0 for cpu in found["times"])
