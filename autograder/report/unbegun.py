"""Owns how a question that was not begun is told: once, not once for each of its tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.model import NOT_BEGUN, Outcome, TestOutcome

__all__ = ["is_unbegun", "told"]


def is_unbegun(tests: Iterable[TestOutcome]) -> bool:
    """Return whether these are the tests of a question for which nothing was written; badges don't count."""
    counted = [test for test in tests if not test.badge]
    return bool(counted) and all(test.outcome is Outcome.BLOCKED and test.message == NOT_BEGUN for test in counted)


def told(tests: Sequence[TestOutcome]) -> list[TestOutcome]:
    """Return the tests of one question as they are told: one for all of them where the question was not begun."""
    if not is_unbegun(tests):
        return list(tests)
    counted = [test for test in tests if not test.badge]
    whole = replace(counted[0], title=NOT_BEGUN, message="", points=sum(test.points for test in counted))
    return [whole, *(test for test in tests if test.badge)]
