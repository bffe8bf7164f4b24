"""The marks of a hidden test: what it is worth, where it can run, and whose earlier functions it leans on."""

from __future__ import annotations

import pytest

__all__ = ["gpu", "leans_on", "points"]

gpu: pytest.MarkDecorator = pytest.mark.gpu
"""A badge test: it needs a GPU runner (elsewhere it is deferred) and stands outside the points."""


def points(value: float) -> pytest.MarkDecorator:
    """Return the mark for what one test is worth; over a file they sum to the question's points.

    A parametrised test is worth `value` for each of its parameters.

    Raises:
        ValueError: `value` is not a positive number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise ValueError(f"points must be a positive number, not {value!r}")
    return pytest.mark.points(value)


def leans_on(*names: str) -> pytest.MarkDecorator:
    """Return the mark for a test (or, as ``pytestmark``, a file) that needs the student's earlier functions `names`.

    If such a test fails, it is run again with ``stand_in_NAME`` of ``probes.py`` in place of each of them, and a pass
    then counts: an error in an earlier question is not punished twice.

    Raises:
        ValueError: no name, or one that is not an identifier.
    """
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
        raise ValueError(f"leans_on needs names of functions, not {names!r}")
    return pytest.mark.leans_on(*names)
