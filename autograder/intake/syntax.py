"""Owns how a cell's code is read without running it: as a tree, or the syntax error in it.

Both are advice for messages and for finding a lost answer; the sandbox has the last word. Code is parsed in this
process, so cells that are very long or hold very many magics are not looked at (that says nothing against them), and
whoever looks at many cells adds their `cost` up.
"""

from __future__ import annotations

import ast
import contextlib
import re
import threading
import warnings
from functools import lru_cache
from types import CodeType
from typing import Any

__all__ = ["MAX_COST", "cost", "parsed", "plain_text", "syntax_error"]

MAX_COST = 100_000
"""Largest `cost` of a cell that is looked at."""

_ASSIGNED = re.compile(r"= ?[%!]")
_RUNS_THE_REST = re.compile(r"%%(?:time|capture|prun)\b")
_WARNINGS = threading.Lock()


def cost(source: str) -> int:
    """Return about how many characters looking at this cell tokenizes; a million take up to six seconds.

    IPython's transformer tokenizes the whole cell once more for each magic line.
    """
    if len(source) > MAX_COST:
        return len(source)
    lines = (line.strip() for line in source.split("\n"))
    marked = sum(line[:1] in ("%", "!", "?") or line[-1:] == "?" for line in lines if line and line[0] != "#")
    return len(source) * (1 + marked + len(_ASSIGNED.findall(source)))


def syntax_error(source: str) -> tuple[int, str] | None:
    """Return the 1-based line and Python's own words (English) if IPython could not compile the cell, else None."""
    try:
        _compile(source, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        lines = source.count("\n") + 1
        return min(max(error.lineno or 1, 1), lines), error.msg or "invalid syntax"
    except (ValueError, OverflowError) as error:
        return 1, str(error)
    except (RecursionError, MemoryError) as error:
        return 1, f"too complex ({type(error).__name__})"
    return None


def parsed(source: str) -> ast.Module | None:
    """Return the cell's tree as IPython would compile it, or None if it does not parse or is not looked at."""
    try:
        tree = _compile(source, ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None
    return tree if isinstance(tree, ast.Module) else None


def plain_text(source: str) -> str:
    """Return the cell as plain Python with every line where it was, or as it is where that cannot be had."""
    if cost(source) > MAX_COST:
        return source
    try:
        _parse(source, ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        with contextlib.suppress(SyntaxError):
            return _transformed(source) or source
    return source


def _compile(source: str, flags: int) -> CodeType | ast.AST | None:
    """Compile as IPython would, or return None for a cell that is not looked at.

    Plain Python is tried first, because that is nearly every cell and needs no transformer.
    """
    if cost(source) > MAX_COST:
        return None
    try:
        return _parse(source, flags)
    except SyntaxError:
        text = _transformed(_without_cell_magic(source))
        return None if text is None else _parse(text, flags)


def _without_cell_magic(source: str) -> str:
    """Return the cell with its first line blank where that only has the rest run as it is (``%%time``)."""
    first, end, rest = source.partition("\n")
    return end + rest if _RUNS_THE_REST.match(first) else source


def _parse(text: str, flags: int) -> CodeType | ast.AST:
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled: CodeType | ast.AST = compile(text, "<cell>", "exec", flags=flags, dont_inherit=True)
    return compiled


def _transformed(source: str) -> str | None:
    """Return the cell as plain Python (magics, ``!`` and ``?`` rewritten), or None if that fails."""
    try:
        text = str(_transformer().transform_cell(source))
    except SyntaxError:
        raise
    except Exception:  # the transformer meets arbitrary text; whatever it trips over, the sandbox will say
        return None
    blank = len(source) - len(source.lstrip("\n"))
    return "\n" * blank + text  # the transformer takes blank first lines out, which would shift every line number


@lru_cache(maxsize=1)
def _transformer() -> Any:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()
