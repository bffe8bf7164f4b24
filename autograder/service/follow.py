"""When a person's changes to the gradebook or the configuration are followed: after they have paused for a moment.

Knows nothing of what is done then. One thread, which runs only while there is something to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from autograder.errors import GraderError
from autograder.integrations.totals import state_of
from autograder.model import GradeRecord
from autograder.service.book import Book
from autograder.service.receipt import Receipt
from autograder.sinks.log import logger

__all__ = ["Follower", "RecordOf"]

_log = logger(__name__)
_QUIET_SECONDS = 3.0
"""Without a further change, before a change is followed: somebody who grades writes at every field."""
_LONGEST_SECONDS = 12.0
"""From the first change until it is followed, however many come after it."""
_AGAIN_SECONDS = 20.0
"""Until trouble is tried again, and until the course is looked at without any change."""
_STOP_SECONDS = 10.0

RecordOf = Callable[[Receipt], GradeRecord | None]


class Follower:
    """Calls for one pass whenever something has changed and then paused, at its first look, and after trouble.

    Args:
        book: the gradebook and the configuration.
        work: one pass, told whether anything has changed; it may raise GraderError, and is then called again later.
        clock: seconds that only go up.
    """

    def __init__(
        self,
        book: Book,
        work: Callable[[RecordOf, threading.Event, bool], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._book = book
        self._work = work
        self._clock = clock
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: object = None
        self._followed: object = None
        self._first = self._last = float("-inf")
        self._again = float("-inf")

    def look(self, record_of: RecordOf) -> None:
        """See whether there is something to do, and begin it; returns at once."""
        if self._stopping.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        now, state = self._clock(), self._state()
        if state != self._seen:
            if self._seen == self._followed:
                self._first = now
            self._seen, self._last = state, now
        paused = now - self._last >= _QUIET_SECONDS or now - self._first >= _LONGEST_SECONDS
        if (state != self._followed and paused) or now >= self._again:
            self._thread = threading.Thread(target=self._pass, args=(state, record_of), name="follow", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Begin nothing more, and wait for what has begun."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def _pass(self, state: object, record_of: RecordOf) -> None:
        try:
            self._work(record_of, self._stopping, state != self._followed)
            self._followed = state
        except GraderError as error:
            _log.error("changes are not followed yet: %s", error)
        except Exception:  # whatever it is, it is tried again
            if not self._stopping.is_set():
                _log.exception("changes are not followed yet")
        self._again = self._clock() + _AGAIN_SECONDS

    def _state(self) -> object:
        return state_of(self._book.known_url), self._book.configuration()
