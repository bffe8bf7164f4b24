"""What tests let a request use, where only "soon" matters."""

from __future__ import annotations

from autograder.sandbox import Allowance

__all__ = ["within"]


def within(seconds: float) -> Allowance:
    """So many CPU seconds, as many asleep, and patience with a busy machine."""
    return Allowance(cpu=seconds, asleep=seconds, starved=600.0)
