"""Owns what a notebook says for the class board: the student's one call of ``open_problem``, read and never run.

In the released notebook an editable cell calls ``open_problem("05", number=None, spent=None, share=False)``. The three
are keywords with a number, a number and True or False written out, so that what a student puts up is what stands there
to be read: nothing that a cell prints or computes, and no name or formula. Taking part is asked for in so many words:
whatever cannot be read for certain shares nothing, and says why.

The numbers are what a student states. Whether they can be at all, and fit the budget, is for who shows them.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autograder.intake.matching import LookBudget
from autograder.intake.syntax import parsed

__all__ = ["NAME", "Stated", "Trouble", "is_call", "names_assignment", "read_open_problem"]

NAME = "open_problem"
"""What the call is of."""

_KEYWORDS = ("number", "spent", "share")
_CALLED = re.compile(rf"^[^#\n]*\b{NAME}\s*\(", re.MULTILINE)
"""How a call looks in a cell that cannot be parsed."""


class Trouble(StrEnum):
    """Why a call is not read, or shares nothing although it asks for it."""

    SYNTAX = "syntax"
    """The cell with the call does not parse."""
    TOO_LONG = "too-long"
    """The cell with the call is too long to be looked at."""
    SEVERAL = "several"
    """Two calls that do not say the same."""
    OTHER_ASSIGNMENT = "other-assignment"
    """The call names another assignment, or none."""
    NESTED = "nested"
    """The call is not a statement of its own: it stands in a function, a branch or another call."""
    ARGUMENTS = "arguments"
    """Other arguments than the three keywords."""
    NOT_WRITTEN_OUT = "not-written-out"
    """`number`, `spent` or `share` is no number and no True or False, but something to be computed."""
    NO_NUMBER = "no-number"
    """`number` is missing."""
    NO_SPENT = "no-spent"
    """`spent` is missing."""
    NOT_FINITE = "not-finite"
    """A number that is too large for a float."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a notebook says.

    Args:
        share: the student takes part; then `number` and `spent` are finite and `trouble` is "".
        number: as stated, None where nothing is shared.
        spent: as stated, None where nothing is shared.
        trouble: a `Trouble` where the student wants to take part, or may, and cannot be read; else "".
    """

    share: bool = False
    number: float | None = None
    spent: float | None = None
    trouble: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return {"share": self.share, "number": self.number, "spent": self.spent, "trouble": self.trouble}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Stated:
        """Rebuild the value from what `to_dict` returned."""
        return cls(data["share"], data["number"], data["spent"], data["trouble"])


def read_open_problem(notebook: Mapping[str, Any], assignment_id: str) -> Stated | None:
    """Return what a canonical notebook (`intake.read_notebook`) says for the class board, None if it has no such call.

    Calls that name another assignment count only where there is none of this one. Of several that say the same one
    counts; where they differ, or a cell with a call cannot be read, none does.

    Args:
        notebook: its code cells are read; no other cell is.
        assignment_id: the folder's name; a call names it whole or by its beginning: ``"05"``.
    """
    own: list[Stated] = []
    other: list[Stated] = []
    unread: list[Stated] = []
    budget = LookBudget()
    for cell in notebook["cells"]:
        source = cell["source"]
        if cell["cell_type"] != "code" or NAME not in source:
            continue
        covered = budget.covers(source)
        tree = parsed(source) if covered else None
        if tree is None:
            if _CALLED.search(source):
                unread.append(Stated(trouble=Trouble.SYNTAX if covered else Trouble.TOO_LONG))
            continue
        plain = set(map(id, _statements(tree)))
        for call in filter(is_call, ast.walk(tree)):
            assert isinstance(call, ast.Call)
            if names_assignment(call, assignment_id):
                own.append(_read(call, stands_alone=id(call) in plain))
            else:
                other.append(_of_another(call))
    found = unread[:1] or own or other
    return _one(found) if found else None


def _one(found: list[Stated]) -> Stated:
    """Return what calls say together."""
    return found[0] if all(stated == found[0] for stated in found) else Stated(trouble=Trouble.SEVERAL)


def is_call(node: ast.AST) -> bool:
    """Return whether a node is a call of ``open_problem``, by itself or of a module."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name == NAME
    return False


def _statements(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the values of a cell's own statements: ``f(...)`` and ``x = f(...)``."""
    for statement in tree.body:
        match statement:
            case ast.Expr(value=value) | ast.Assign(value=value):
                yield value


def names_assignment(call: ast.Call, assignment_id: str) -> bool:
    """Return whether a call's first argument names this assignment, whole or by its beginning."""
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            return bool(name) and (name == assignment_id or assignment_id.startswith(f"{name}-"))
    return False


def _of_another(call: ast.Call) -> Stated:
    """Return what a call says that does not name this assignment: nothing, unless it wants to share."""
    return Stated() if _wish(call) is False else Stated(trouble=Trouble.OTHER_ASSIGNMENT)


def _wish(call: ast.Call) -> bool | None:
    """Return whether a call shares, None where that is not written out."""
    if len(call.args) > 3 or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    shares = [keyword.value for keyword in call.keywords if keyword.arg in ("share", None)]
    match shares:
        case []:
            return False
        case [ast.Constant(value=bool(wish))]:
            return wish
    return None


def _read(call: ast.Call, *, stands_alone: bool) -> Stated:
    wish = _wish(call)
    if wish is False:
        return Stated()
    if not stands_alone:
        return Stated(trouble=Trouble.NESTED)
    names = [keyword.arg for keyword in call.keywords]
    if len(call.args) != 1 or len(set(names)) < len(names) or not set(names) <= set(_KEYWORDS):
        return Stated(trouble=Trouble.ARGUMENTS)
    if wish is None:
        return Stated(trouble=Trouble.NOT_WRITTEN_OUT)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    numbers: list[float] = []
    for name, missing in (("number", Trouble.NO_NUMBER), ("spent", Trouble.NO_SPENT)):
        node = given.get(name, ast.Constant(None))
        if isinstance(node, ast.Constant) and node.value is None:
            return Stated(trouble=missing)
        number = _number(node)
        if number is None:
            return Stated(trouble=Trouble.NOT_WRITTEN_OUT)
        if not math.isfinite(number):
            return Stated(trouble=Trouble.NOT_FINITE)
        numbers.append(number)
    return Stated(True, numbers[0], numbers[1])


def _number(node: ast.expr) -> float | None:
    """Return a number that is written out, infinite where it is too large for a float; None for anything else."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant() as operand):
            value = _number(operand)
            return None if value is None else (-value if isinstance(sign, ast.USub) else value) + 0.0
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            try:
                return float(value)
            except OverflowError:
                return math.inf
    return None
