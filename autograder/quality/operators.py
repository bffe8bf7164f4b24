"""What can go wrong in an answer: cosmic-ray's operators, three that it lacks, and those of `learning`.

Owns the choice of operators. Replacements that raise a TypeError on any tensor of floats (shifts and bit operations in
place of arithmetic, and the other way round) are left out, because every suite kills them and they only take time; so
are cosmic-ray's variable operators, which draw at random. Importing this module needs cosmic-ray.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import parso
import parso.python.tree as tree
from cosmic_ray.operators.provider import OperatorProvider

from autograder.quality.learning import learning_operators

__all__ = ["Operator", "RemoveCall", "RemoveKeyword", "RemoveStatement", "operators"]

_ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}
_MODULES = {"F", "copy", "functional", "init", "linalg", "math", "nn"} | {"np", "numpy", "optim", "random", "torch"}
_PLAIN = {"bool", "dict", "enumerate", "float", "int", "isinstance", "len", "list", "print", "range", "set", "str"}
_PLAIN |= {"super", "tuple", "type", "zip"}
_REMOVABLE = {"expr_stmt", "atom_expr", "return_stmt", "raise_stmt", "del_stmt", "assert_stmt", "keyword"}


class Operator(Protocol):
    """What is used of `cosmic_ray.operators.operator.Operator`."""

    def mutation_positions(self, node: Any) -> Any:
        """Yield (start, end) for each mutation of this node; lines count from 1."""

    def mutate(self, node: Any, index: int) -> Any:
        """Return the node to stand in its place."""


class RemoveStatement:
    """Puts ``pass`` in the place of one simple statement; imports, docstrings and ``pass`` stay."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Operator`."""
        if node.type == "simple_stmt":
            first = node.children[0]
            if first.type in _REMOVABLE and first != "pass":
                yield first.start_pos, first.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Operator`."""
        first = node.children[0].get_first_leaf()
        node.children[0] = tree.Keyword("pass", first.start_pos, first.prefix)
        return node


class RemoveCall:
    """Takes one call off: ``x.f(...)`` becomes ``x``, ``f(x, ...)`` becomes ``x``, ``x.T`` becomes ``x``.

    Calls of built-in functions that make containers, counts and numbers stay, and calls without a value to keep.
    """

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Operator`."""
        if node.type == "atom_expr":
            places = [(node.children[start].start_pos, node.children[end - 1].end_pos) for start, end in _calls(node)]
            yield from places  # found before the node is changed

    def mutate(self, node: Any, index: int) -> Any:
        """See `Operator`."""
        start, end = _calls(node)[index]
        if start:
            del node.children[start:end]
            return node
        prefix = node.children[0].get_first_leaf().prefix
        rest = "".join(child.get_code() for child in node.children[end:])
        return parso.parse(f"{prefix}({_first_argument(node.children[end - 1]).get_code().strip()}){rest}")


class RemoveKeyword:
    """Takes one keyword argument off a call, so that the default holds."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Operator`."""
        if node.type in ("arglist", "trailer"):
            for argument in _keywords(node):
                yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Operator`."""
        at = node.children.index(_keywords(node)[index])
        if node.type == "trailer":
            del node.children[at]
        else:
            del node.children[at - 1 if at else at : at + 1 if at else at + 2]  # with the comma beside it
        return node


def operators() -> dict[str, Operator]:
    """Return the operators by name, ``core/...`` for cosmic-ray's and ``course/...`` for ours, in a fixed order."""
    provider = OperatorProvider()
    names = [name for name in sorted(provider) if not provider[name].arguments() and _wanted(name)]
    found: dict[str, Operator] = {f"core/{name}": provider[name]() for name in names}
    found["course/RemoveCall"] = RemoveCall()
    found["course/RemoveKeyword"] = RemoveKeyword()
    found["course/RemoveStatement"] = RemoveStatement()
    return {**found, **learning_operators()}


def _wanted(name: str) -> bool:
    kind, *words = name.split("_")
    return kind != "ReplaceBinaryOperator" or (words[0] in _ARITHMETIC) == (words[1] in _ARITHMETIC)


def _keywords(node: Any) -> list[Any]:
    return [c for c in node.children if c.type == "argument" and c.children[1] == "="]


def _calls(node: Any) -> list[tuple[int, int]]:
    """Return, for the calls of an ``atom_expr`` that can go, the children that make each up: from 0 for a function."""
    children, found = node.children, []
    named = 1  # how many children are a dotted name of a module or a bare name
    while named < len(children) and _name(children[named]) and _name(children[named - 1]) in _MODULES:
        named += 1
    if (
        named < len(children)
        and _name(children[named - 1]) not in _PLAIN
        and children[0].type == "name"
        and _first_argument(children[named]) is not None
    ):
        found.append((0, named + 1))
    for at in range(named, len(children)):
        if _name(children[at]) in ("T", "mT"):
            found.append((at, at + 1))
        elif _name(children[at]) and at + 1 < len(children) and children[at + 1].children[0] == "(":
            found.append((at, at + 2))
    return found


def _name(node: Any) -> str:
    """Return the name that a node is or that a trailer ``.name`` takes, else ""."""
    if node.type == "trailer" and node.children[0] == ".":
        return str(node.children[1].value)
    return str(node.value) if node.type == "name" else ""


def _first_argument(trailer: Any) -> Any:
    """Return the first argument of a call, None if there is none or it has a name or a star."""
    if trailer.type != "trailer" or trailer.children[0] != "(" or trailer.children[1] == ")":
        return None
    inner = trailer.children[1]
    first = inner.children[0] if inner.type == "arglist" else inner
    return None if first.type == "argument" else first
