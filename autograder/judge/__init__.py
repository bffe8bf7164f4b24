"""The judge: runs an assignment's hidden pytest suite against one sandboxed submission; trusts nothing it is sent.

This package owns what a hidden test is written with (`expect`, `require`, `raises`, `points`, `gpu`, `leans_on`,
`error_rate`), how a suite is collected and run, and what each test's outcome means. It refuses to score, to store and
to read submissions: that is `grading` and `intake`.

Names load on first use, because the coordinator imports `Judge` and must not import torch or pytest with it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.judge.client import SILENCE_SECONDS, Judge
    from autograder.judge.expectations import ExpectationFailed, expect, require
    from autograder.judge.marks import error_rate, gpu, leans_on, points
    from autograder.judge.student import raises

__all__ = [
    "SILENCE_SECONDS",
    "ExpectationFailed",
    "Judge",
    "error_rate",
    "expect",
    "gpu",
    "leans_on",
    "points",
    "raises",
    "require",
]

_HOMES = {
    "SILENCE_SECONDS": "client",
    "ExpectationFailed": "expectations",
    "Judge": "client",
    "error_rate": "marks",
    "expect": "expectations",
    "gpu": "marks",
    "leans_on": "marks",
    "points": "marks",
    "raises": "student",
    "require": "expectations",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
