"""The clocks of one request: where the seconds of a sandbox's processes went, read by the trusted side alone.

At each look the interval since the last one is divided: what the processes' CPU clocks went on is *cpu*; of the rest,
if a thread of theirs could have gone on, the machine owed it and it is *starved*, else it is *asleep*. A sandbox can
lower none of them, and raise *starved* only by waiting for a disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from autograder.sandbox.outcomes import Allowance, Meter
from autograder.sandbox.processes import procfs

__all__ = ["TICK_SECONDS", "Watch"]

TICK_SECONDS = 0.25
"""Wall-clock seconds between two looks at a sandbox that is at work."""

_MOST_ASLEEP = 2 * TICK_SECONDS
"""A look that comes later than this was late because the judge itself did not get the machine, or was at work: the
sandbox may have waited for it. What goes beyond counts as starved."""

_SOONEST_SECONDS = 0.02


class Watch:
    """Counts the seconds of one request.

    Args:
        pids: the processes whose CPU time counts.
        allowance: how far each clock may go.
        clock: monotonic seconds.
        cpu: CPU seconds of a process by its pid, None where it is gone.
        wants_machine: whether a process could go on if the machine let it.
        own: seconds for which the trusted side itself ran, or waited for a processor.
    """

    def __init__(
        self,
        pids: Iterable[int],
        allowance: Allowance,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[int], float | None] = procfs.cpu_clock,
        wants_machine: Callable[[int], bool] = procfs.wants_machine,
        own: Callable[[], float] = procfs.own_seconds,
    ) -> None:
        self.allowance = allowance
        self._own = own
        self._own_then: float | None = None
        self._clock, self._cpu, self._wants_machine = clock, cpu, wants_machine
        self._last = {pid: cpu(pid) or 0.0 for pid in pids}
        self._then = clock()
        self._used = self._starved = self._asleep = 0.0
        self.due = self._then + self.next_look()
        """When to look next, on the clock: it does not move because something was received meanwhile."""

    @property
    def meter(self) -> Meter:
        """What was counted up to the last look."""
        return Meter(self._used, self._starved, self._asleep)

    def look(self) -> None:
        """Divide the interval since the last look."""
        now = self._clock()
        interval, self._then = now - self._then, now
        rest = interval - self._count_cpu()
        owed, self._own_then = 0.0 if self._own_then is None else self._own() - self._own_then, None
        if rest <= 0.0:
            pass
        elif any(self._wants_machine(pid) for pid in self._last):
            self._starved += rest
        else:
            asleep = max(0.0, min(rest, _MOST_ASLEEP) - owed)
            self._asleep += asleep
            self._starved += rest - asleep
        self.due = now + self.next_look()

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Charge the wall-clock seconds of what is done inside to nobody: the processes wait for the judge.

        Where it waits for them in turn, so that there is a look inside, what passed up to that look is charged. Up to
        the next look they may have waited for it before and after, too, as long as it ran or waited for a processor:
        that is starved, and not asleep.
        """
        then, began = self._then, self._clock()
        self._own_then = self._own() if self._own_then is None else self._own_then
        try:
            yield
        finally:
            if self._then == then:
                self._then += self._clock() - began

    def finish(self) -> Meter:
        """Count the CPU seconds up to the reply. What else passed since the last look is nobody's: it was not seen."""
        self._count_cpu()
        return self.meter

    def extend(self, more: Allowance) -> None:
        """Let each clock go this far beyond what it has counted."""
        cpu, asleep, starved = self._used + more.cpu, self._asleep + more.asleep, self._starved + more.starved
        self.allowance = Allowance(cpu, asleep, max(starved, self.allowance.starved))

    def over(self) -> str:
        """Return the clock that ran out, ``"cpu"``, ``"asleep"`` or ``"starved"``, or "" while none has."""
        if self._used >= self.allowance.cpu:
            return "cpu"
        if self._asleep >= self.allowance.asleep:
            return "asleep"
        return "starved" if self._starved >= self.allowance.starved else ""

    def next_look(self) -> float:
        """Return the seconds until the next look: sooner where an allowance may run out before the next tick."""
        left = min(self.allowance.cpu - self._used, self.allowance.asleep - self._asleep)
        return min(TICK_SECONDS, max(_SOONEST_SECONDS, left))

    def _count_cpu(self) -> float:
        used = 0.0
        for pid, before in self._last.items():
            after = self._cpu(pid)
            if after is not None and after > before:
                used += after - before
                self._last[pid] = after
        self._used += used
        return used
