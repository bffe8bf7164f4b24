"""Ctrl-C while a run keeps its books: it waits for the moment at which nothing is half written.

Python raises KeyboardInterrupt between any two instructions, so also between a lease and the note that it is held.
`Interrupts` lets the first Ctrl-C through only where the run waits anyway; a second one is raised at once.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Self

__all__ = ["Interrupts"]


class Interrupts:
    """Context manager that puts off KeyboardInterrupt to the next `check` or `allowed` block.

    Outside the main thread, and where SIGINT has a handler other than Python's own, it changes nothing.
    """

    def __init__(self) -> None:
        self._ours = False
        self._allowed = False
        self._asked = False

    def __enter__(self) -> Self:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._on_signal)
            self._ours = True
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        if self._ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._ours = False

    @contextlib.contextmanager
    def allowed(self) -> Iterator[None]:
        """Let an interrupt in here, one that came earlier at once; raises KeyboardInterrupt."""
        self._allowed = True
        try:
            if self._asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._allowed = False

    def check(self) -> None:
        """Raise KeyboardInterrupt if one was put off."""
        with self.allowed():
            pass

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._allowed or self._asked:
            raise KeyboardInterrupt
        self._asked = True
