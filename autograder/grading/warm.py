"""Warm slots for a long-lived process: started when first needed, kept for the next submission, ended when idle.

A web server that grades a submission now and then neither waits seconds for torch each time nor holds its memory all
day.
"""

from __future__ import annotations

import atexit
import threading
from functools import cache
from typing import Any

from autograder.grading.slots import Slots

__all__ = ["WarmSlots", "warm_slots"]

_IDLE_SECONDS = 600.0
"""Without a job, after which the processes are ended; the next job starts them again."""


class WarmSlots:
    """Slots that come and go; `grade` may be called from as many threads as there are slots, more of them wait.

    Args:
        count: number of submissions graded at the same time.
        idle_seconds: how long without a job until the processes are ended.
    """

    def __init__(self, count: int, *, idle_seconds: float = _IDLE_SECONDS) -> None:
        self.count = count
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._slots: Slots | None = None
        self._busy = 0
        self._timer: threading.Timer | None = None

    @property
    def warm(self) -> bool:
        """Whether there are processes right now."""
        return self._slots is not None

    def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        """Grade one job; see `Slots.grade`."""
        with self._lock:
            self._stop_timer()
            self._busy += 1
            self._slots = slots = self._slots or Slots(self.count)
        try:
            return slots.grade(job, silence)
        finally:
            with self._lock:
                self._busy -= 1
                if not self._busy and self._slots is not None:
                    self._timer = threading.Timer(self._idle_seconds, self._end_if_idle)
                    self._timer.daemon = True
                    self._timer.start()

    def close(self) -> None:
        """End every process; a later `grade` starts new ones."""
        with self._lock:
            self._stop_timer()
            slots, self._slots = self._slots, None
        if slots is not None:
            slots.close()

    def _end_if_idle(self) -> None:
        with self._lock:
            if self._busy:
                return
            slots, self._slots = self._slots, None
        if slots is not None:
            slots.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@cache
def warm_slots(count: int) -> WarmSlots:
    """Return this process's own warm slots, ended with the process."""
    slots = WarmSlots(count)
    atexit.register(slots.close)
    return slots
