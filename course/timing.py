"""How the notebooks' own experiments time code: the process's CPU time, with the wall clock's beside it.

On a machine that others use too, the wall clock counts their work as well; the process's own time does not. A GPU's
work is none of the process's time, so there the wall clock is read. Nothing here is graded, and no grade reads a clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

from course.shown import show

__all__ = ["BUSY", "FLOOR_SECONDS", "Stopwatch", "fine", "tell_if_busy"]

BUSY = 3.0
"""Longest over shortest wall time of the same work from which on a machine counts as busy."""

FLOOR_SECONDS = 5e-4
"""Differences below it are the interpreter's own (memory, garbage, ticks) and say nothing of the machine."""


class Stopwatch:
    """A timer to hand to ``benchmark``: its readings are CPU seconds, and it notes the wall clock at each of them.

    Example:
        ``watch = Stopwatch(); found = benchmark(fn, timer=watch); print(watch.beside(found["median"]))``

    Args:
        device: ``"cpu"``, or ``"cuda"`` where the work is done elsewhere: then the readings are the wall clock's.
        cpu: seconds of CPU time that the process has used so far, all its threads together; None takes the system's,
            or the wall clock where the system's ticks are too coarse (`fine`).
        wall: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        device: str = "cpu",
        *,
        cpu: Callable[[], float] | None = None,
        wall: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._own = str(device).partition(":")[0] == "cpu" and (cpu is not None or _system_is_fine())
        self._cpu, self._wall = cpu or time.process_time, wall
        self._seen: list[float] = []

    def __call__(self) -> float:
        """Return the seconds by now: CPU time, or the wall clock's if the work is another device's."""
        seen = self._wall()
        self._seen.append(seen)
        return self._cpu() if self._own else seen

    @property
    def walls(self) -> list[float]:
        """Wall seconds between the first and the second reading, the third and the fourth, and so on."""
        return [stop - start for start, stop in zip(self._seen[::2], self._seen[1::2], strict=False)]

    @property
    def spread(self) -> float:
        """Longest over shortest wall time; 1.0 with fewer than two, or where they differ by less than the floor."""
        walls = self.walls
        if len(walls) < 2 or max(walls) - min(walls) < FLOOR_SECONDS:
            return 1.0
        return max(walls) / max(min(walls), 1e-9)

    @property
    def busy(self) -> bool:
        """Whether the same work took more than `BUSY` times as long at one time as at another."""
        return self.spread > BUSY

    def beside(self, seconds: float) -> str:
        """Return a Korean note: this many seconds, in milliseconds, with the median of the wall times beside it."""
        walls = sorted(self.walls)
        if not self._own or not walls:
            return f"{1e3 * seconds:.3f} ms (벽시계)"
        middle = (walls[(len(walls) - 1) // 2] + walls[len(walls) // 2]) / 2
        return f"CPU {1e3 * seconds:.3f} ms (벽시계 {1e3 * middle:.3f} ms)"


def fine(clock: Callable[[], float]) -> bool:
    """Return whether a clock ticks finely enough for work of microseconds: read 200 times, it has moved ten times.

    Linux and macOS do; on Windows, and in some sandboxes, the process's time goes on in steps of 10 ms and more.
    """
    return len({clock() for _ in range(200)}) > 10


@cache
def _system_is_fine() -> bool:
    return fine(time.process_time)


def tell_if_busy(*watches: Stopwatch) -> bool:
    """Show one Korean line if the machine was busy while these were read; return whether it was."""
    if not any(watch.busy for watch in watches):
        return False
    words = (
        f"참고: 같은 일의 벽시계 시간이 {BUSY:.0f}배 넘게 벌어졌습니다. 컴퓨터가 다른 일로 바쁩니다. "
        "CPU 시간도 조금 흔들릴 수 있으니, 조금 뒤에 다시 실행해 보세요."
    )
    show(f"<div lang='ko'>{words}</div>", words)
    return True
