"""Owns what a student added to a cell that is locked: the statements that the released text does not have.

Editors other than nbgrader's own do not honour the lock, so imports, helpers and whole answers end up in locked cells.
What only changes a released statement (another constant, another body of a released function) is no addition: the
released one is put back.
"""

from __future__ import annotations

import ast

from autograder.intake.syntax import parsed, plain_text

__all__ = ["additions"]


def additions(released: str, written: str) -> str:
    """Return what `written` holds beyond `released`, as the source of a cell, or "".

    A text that does not parse, or whose released counterpart does not, is taken line by line: the lines that were
    inserted, if every released line is still there, else nothing.
    """
    text = plain_text(written)
    before, after = parsed(released), parsed(text)
    if before is None or after is None:
        return _inserted(released, written)
    kept = {ast.dump(statement) for statement in before.body}
    owned = frozenset().union(*map(_names, before.body))
    lines = text.split("\n")
    pieces = []
    for statement in after.body:
        if ast.dump(statement) in kept or _says_nothing(statement):
            continue
        names = _names(statement)
        if names and names <= owned:
            continue
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
        pieces.append("\n".join(lines[first - 1 : statement.end_lineno]))
    return "\n".join(dict.fromkeys(pieces))


def _names(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement binds."""
    found: set[str] = set()
    for node in [statement] if isinstance(statement, _NAMED) else ast.walk(statement):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update((alias.asname or alias.name.split(".")[0]) for alias in names)
    return frozenset(found)


_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _says_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _inserted(released: str, written: str) -> str:
    """Return the lines of `written` between and around those of `released`, "" if one of these is missing."""
    wanted = [line.strip() for line in released.split("\n") if line.strip()]
    own = []
    for line in written.split("\n"):
        if wanted and line.strip() == wanted[0]:
            wanted.pop(0)
        else:
            own.append(line)
    return "" if wanted else "\n".join(own).strip("\n")
