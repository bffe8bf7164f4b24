"""The marks of a hidden test: its worth, where it can run, what it leans on, how often it fails a right work."""

from __future__ import annotations

import pytest

__all__ = ["MOST_ERROR_RATE", "error_rate", "gpu", "leans_on", "points"]

MOST_ERROR_RATE = 1 / 10_000
"""What the error rates of a suite may sum to: one right work in 10,000 loses a point by chance."""

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
    then counts: an error in an earlier question is not punished twice. It is computed outside of the student's
    process, unless ``STAYS`` of ``probes.py`` names it. ::

        pytestmark = leans_on("forward")  # test_q3.py

        def stand_in_forward(x, w):  # probes.py: plain data in, plain data out
            return torch.relu(x @ w.T)

    Raises:
        ValueError: no name, or one that is not an identifier.
    """
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
        raise ValueError(f"leans_on needs names of functions, not {names!r}")
    return pytest.mark.leans_on(*names)


def error_rate(value: float) -> pytest.MarkDecorator:
    """Return the mark for a test of a random answer: the probability that a right work fails it, over its draws.

    Random is what the test does not fix: weights from the student's initialiser, batches, a network trained from a
    random start. Inputs that the test draws itself are none of it. The reason for the number stands in ``NOTES.md``;
    over a suite they sum to `MOST_ERROR_RATE` at most. ::

        @error_rate(3e-12)  # standard deviation of 65,536 normal entries within 7 standard errors
        @points(4)
        def test_q2_standard_deviation(student, rng, reference): ...

    Raises:
        ValueError: `value` is not a number between 0 and `MOST_ERROR_RATE`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < MOST_ERROR_RATE:
        raise ValueError(f"error_rate must lie between 0 and {MOST_ERROR_RATE:g}, not {value!r}")
    return pytest.mark.error_rate(value)
