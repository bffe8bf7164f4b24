"""What a question's calls may use: the student's CPU seconds and sleep, what is computed for them, and the patience.

Owns `Patience`, `Budget` and `Purse`. Only what the sandboxes' clocks tell counts.
"""

from __future__ import annotations

import math

from autograder.judge.outcomes import BudgetSpent
from autograder.model import Limits
from autograder.sandbox import Allowance, Meter

__all__ = ["Budget", "Patience", "Purse"]

_LEAST_SECONDS = 0.05
"""Seconds below which no call is started any more."""

_MOST_ASKS = 200_000
"""Asks of one question. A work of the corpora makes 11,000 at most, in steps that never meet their tolerance."""

_MOST_ASK_BYTES = 32 << 20
"""Bytes of one ask: the sandbox sends no more, unless what runs there has taken it over."""


class Patience:
    """How long a whole submission may still wait for the machine, in wall-clock seconds; as long as asked by default.

    It ends where somebody else's clock ends: a container that is taken away at a stated minute.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._left = math.inf if seconds is None else seconds

    def at_most(self, seconds: float) -> float:
        """Return these seconds, or what is left if that is less."""
        return max(0.0, min(seconds, self._left))

    def charge(self, meter: Meter) -> None:
        """Take off what was waited for."""
        self._left -= meter.starved


class Budget:
    """What the student's code may use for one question; only what calls use counts, as the sandbox's clocks tell it.

    Args:
        limits: CPU seconds of a call and of the question, seconds asleep, and how long a call may starve.
        patience: of the whole submission with a busy machine.
    """

    def __init__(self, limits: Limits, patience: Patience | None = None) -> None:
        self._limits = limits
        self._patience = patience or Patience()
        self.purse = Purse(limits, self._patience)
        """For what stand-ins compute outside of the student's sandbox."""
        self.used = Meter()
        self.most = Meter()
        """The most that one call used, of each clock."""

    @property
    def spent(self) -> BudgetSpent | None:
        """What no call can be made for want of any more, or None."""
        limits, used = self._limits, self.used
        if limits.question_seconds - used.cpu < _LEAST_SECONDS:
            return BudgetSpent("cpu", limits.question_seconds)
        if limits.question_asleep_seconds - used.asleep < _LEAST_SECONDS:
            return BudgetSpent("asleep", limits.question_asleep_seconds)
        return None

    def allowance(self) -> Allowance:
        """Return what one call may use; raises BudgetSpent."""
        if (spent := self.spent) is not None:
            raise spent
        limits, used = self._limits, self.used
        return Allowance(
            cpu=min(limits.call_seconds, limits.question_seconds - used.cpu),
            asleep=min(limits.asleep_seconds, limits.question_asleep_seconds - used.asleep),
            starved=self._patience.at_most(limits.starved_factor * limits.call_seconds),
        )

    def charge(self, meter: Meter) -> None:
        """Take off what a call has used."""
        self.used += meter
        self.most = self.most.most(meter)
        self._patience.charge(meter)


class Purse:
    """What stand-ins may compute for one question, apart from what the student's own code uses.

    It bounds what asking can cost the machine: as many CPU seconds as the question itself has, the judge's own for
    passing values on included.

    Args:
        limits: CPU seconds of a call and of the question, seconds asleep, and how long a call may starve.
        patience: of the whole submission with a busy machine.
    """

    def __init__(self, limits: Limits, patience: Patience) -> None:
        self._limits = limits
        self._patience = patience
        self._asleep = 0.0
        self.cpu = 0.0
        """CPU seconds used so far."""
        self.asks = 0

    def allowance(self, size: int) -> Allowance | None:
        """Return what one ask of this many bytes may use, or None where there is nothing left for it."""
        self.asks += 1
        limits = self._limits
        cpu, asleep = limits.question_seconds - self.cpu, limits.asleep_seconds - self._asleep
        if min(cpu, asleep) < _LEAST_SECONDS or self.asks > _MOST_ASKS or size > _MOST_ASK_BYTES:
            return None
        starved = self._patience.at_most(limits.starved_factor * limits.call_seconds)
        return Allowance(min(limits.call_seconds, cpu), asleep, starved)

    def charge(self, meter: Meter, own: float) -> None:
        """Take off what an ask has used, and the judge's `own` CPU seconds for it."""
        self.cpu += meter.cpu + own
        self._asleep += meter.asleep
        self._patience.charge(meter)
