"""Leases that last as long as the run which holds them: a thread renews them, whatever else the run waits for.

A lease is short, so that what a killed coordinator held is soon taken over. It is renewed often, so that work which is
alive is never leased a second time, however slow the machine and however long the notebook.
"""

from __future__ import annotations

import contextlib
import threading
from types import TracebackType
from typing import Self

from autograder.errors import LedgerError
from autograder.grading.ledger import Lease, Ledger

__all__ = ["LEASE_SECONDS", "RENEW_SECONDS", "Leases"]

LEASE_SECONDS = 300.0
"""How long a killed coordinator's work waits for another one. A coordinator of this machine is missed at once."""

RENEW_SECONDS = 20.0
"""Between two renewals, each of which costs a few milliseconds of CPU. On a machine thirty times slower the thread is
late by a second or two, and has 280 to spare. It loses a lease only where it does not run at all for all of them."""


class Leases:
    """The leases of one run; a context manager. `hold` and `drop` may be called by any thread.

    Args:
        ledger: what they are leases of.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._held: dict[int, Lease] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew_forever, name="leases", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def hold(self, lease: Lease) -> None:
        """Renew this lease from now on."""
        with self._lock:
            self._held[lease.job_id] = lease

    def drop(self, lease: Lease) -> None:
        """Renew this lease no more: it is finished, given back or lost."""
        with self._lock:
            if self._held.get(lease.job_id) == lease:  # not a newer one of the same job
                del self._held[lease.job_id]

    def renew(self) -> None:
        """Renew what is held; what has passed to somebody else is held no more."""
        with self._lock:
            held = list(self._held.values())
        for lease in held:
            if not self._ledger.renew(lease, LEASE_SECONDS):
                self.drop(lease)

    def _renew_forever(self) -> None:
        while not self._over.wait(RENEW_SECONDS):
            with contextlib.suppress(LedgerError):  # locked or full just now: there are many more tries to a lease
                self.renew()
