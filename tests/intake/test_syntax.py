"""What is told about code without running it."""

from __future__ import annotations

import warnings

import pytest

from autograder.intake.syntax import MAX_COST, cost, parsed, syntax_error


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1",
        "%matplotlib inline\nx = 1",
        "!ls -l",
        "files = !ls",
        "%%bash\nif then fi (",
        "print?",
        "await thing()",
        "x = '\\d'",
        "x is 1",
        "from __future__ import annotations",
        "# 한글 주석\n변수 = 1",
    ],
)
def test_what_ipython_runs_is_no_syntax_error(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert syntax_error(source) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = (", 2),
        ("def f():\nreturn 1", 2),
        ("\n\nreturn 1", 3),
        ("%matplotlib inline\nx = = 1", 2),
        ("a\0b", 1),
        ("(" * 5000, 1),
        ("x = " + "-" * 50_000 + "1", 1),
        ("9" * 5000, 1),
        ("print 'hello'", 1),
    ],
)
def test_a_syntax_error_has_its_line_and_hostile_code_does_no_harm(source: str, line: int) -> None:
    found = syntax_error(source)
    assert found is not None and found[0] == line


def test_very_long_cells_and_many_magics_are_not_looked_at() -> None:
    for source in ("(" * (MAX_COST + 1), "%x\n" * 300 + "a = 1\n" * 300 + "("):
        assert cost(source) > MAX_COST
        assert syntax_error(source) is None
        assert parsed(source) is None
