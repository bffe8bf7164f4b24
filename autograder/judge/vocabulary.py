"""How many different findings a hidden test can have, and the one hint that it always gives; read from its text.

Every call that may raise `ExpectationFailed` is counted with the sentences that it can say: what is compared, how it
can differ, and the hint. A part that is put together while the test runs counts as `_VARIANTS` sentences. The count is
an upper bound, and `told` decides by it how finely findings may be told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.judge.told import Words

__all__ = ["vocabulary"]

_VARIANTS = 16
"""Sentences that one written with a changing part counts for: an index, a name."""
_DIFFERENCES: Mapping[str, int] = {
    "shape": 4,
    "dtype": 4,
    "finite": 5,
    "close_to": 7,
    "equals": 2,
    "between": 7,
    "mapping": 4,
    "sequence": 3,
    "item": 4,
    "each": 3,
    "unpack": 3,
    "number": 2,
    "real": 4,
    "integer": 2,
    "tensor": 2,
    "reals": 5,
    "text": 2,
    "truth": 2,
}
"""In how many ways each of `Expectation`'s methods can fail, each with a sentence of its own."""
_FUNCTIONS: Mapping[str, int] = {"require": 1, "raises": 2}
_OWN = 1
"""For an ``assert`` or ``pytest.fail``, which all say the same."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def vocabulary(text: str) -> dict[str, Words]:
    """Return what each test of a file can say, by the test's name.

    Args:
        text: a test file that can be parsed.
    """
    tree = ast.parse(text)
    functions = {node.name: node for node in tree.body if isinstance(node, _Function)}
    found = {}
    for name, test in functions.items():
        if name.startswith("test_"):
            reached = list(_reachable(test, functions))
            called = [name for own in reached for name in _called(own)]
            sayings = (_sayings(own, _Scope(own, tree.body, called.count(own.name))) for own in reached)
            found[name] = _words([saying for each in sayings for saying in each])
    return found


@dataclass(frozen=True, slots=True)
class _Saying:
    """A call that can fail: what it is about and its hint (None: one of several), and how many each may be."""

    subject: str
    hint: str | None
    place: int
    kinds: int
    subjects: int
    hints: int


def _words(sayings: list[_Saying]) -> Words:
    """Sum up; calls with one subject and one hint say the same sentences."""
    most: dict[tuple[str, str | int], int] = {}
    for saying in sayings:
        both = (saying.subject, saying.place if saying.hint is None else saying.hint)
        most[both] = max(most.get(both, 0), saying.kinds * saying.subjects * saying.hints)
    hints: dict[str | int, int] = {}
    for saying in sayings:
        key = saying.place if saying.hint is None else saying.hint
        hints[key] = max(hints.get(key, 0), saying.hints)
    hints[""] = 2  # no hint, and the one that a missing value gets where there is no other
    named = [hint for hint in hints if hint != ""]
    only = named[0] if len(named) == 1 and isinstance(named[0], str) else ""
    return Words(sum(most.values()) + _OWN, sum(hints.values()), only)


def _sayings(function: _Function, scope: _Scope) -> Iterator[_Saying]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _DIFFERENCES:
            subject, subjects = _subject(node.func.value, scope)
            hint, hints = scope.text(_argument(node, "hint", None))
            kinds = _DIFFERENCES[node.func.attr]
        elif isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
            subject, subjects = scope.text(_argument(node, "symptom", 1))
            hint, hints = scope.text(_argument(node, "hint", 2))
            kinds = _FUNCTIONS[node.func.id]
        else:
            continue
        yield _Saying(f"@{node.lineno}" if subject is None else subject, hint, node.lineno, kinds, subjects, hints)


def _subject(node: ast.expr, scope: _Scope) -> tuple[str | None, int]:
    """Return what a chain of expectations is about, None where its beginning is elsewhere, and how many that may be."""
    keys, variants = [], 1
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "item" and node.args and not _is_index(node.args[0]):
            key, more = scope.text(node.args[0])
            keys.append(key or "*")
            variants *= more
        node = node.func.value
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "expect"):
        return None, variants
    what, more = scope.text(_argument(node, "what", 1))
    return None if what is None else f"{what}{keys}", variants * more


def _is_index(key: ast.expr) -> bool:
    """Whether an item is asked for by number, which no sentence tells."""
    number = key.operand if isinstance(key, ast.UnaryOp) else key
    return isinstance(number, ast.Constant) and isinstance(number.value, int)


def _argument(call: ast.Call, name: str, position: int | None) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if named is None and position is not None and len(call.args) > position:
        return call.args[position]
    return named


class _Scope:
    """What the names of a function can stand for, as far as its text tells.

    Args:
        function: the function.
        outside: statements of its file.
        calls: calls of the function, for its parameters.
    """

    def __init__(self, function: _Function, outside: list[ast.stmt], calls: int) -> None:
        self._values: dict[str, list[ast.expr | None]] = {}
        for statement in (*(s for s in outside if isinstance(s, ast.Assign)), *function.body):
            for node in ast.walk(statement):
                self._bind(node)
        arguments = function.args
        for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._values.setdefault(parameter.arg, []).extend([None] * max(calls, 1))

    def text(self, node: ast.expr | None) -> tuple[str | None, int]:
        """Return an argument's text ("" if it is not given, None if there is no one text) and how many it may be."""
        if node is None:
            return "", 1
        leaves = self._leaves(node)
        if len(leaves) == 1 and isinstance(leaves[0], ast.Constant):
            return (leaves[0].value if isinstance(leaves[0].value, str) else ""), 1
        plain = all(leaf is None or isinstance(leaf, ast.Constant) for leaf in leaves)
        return None, len(leaves) if plain else _VARIANTS

    def _leaves(self, node: ast.expr | None, depth: int = 3) -> list[ast.expr | None]:
        if isinstance(node, ast.IfExp):
            return [*self._leaves(node.body, depth), *self._leaves(node.orelse, depth)]
        if isinstance(node, ast.Name) and node.id in self._values and depth:
            return [leaf for value in self._values[node.id] for leaf in self._leaves(value, depth - 1)]
        return [node]

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._pair(target, [node.value])
        elif isinstance(node, ast.For | ast.comprehension):
            several = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else [node.iter] * _VARIANTS
            self._pair(node.target, several)

    def _pair(self, target: ast.expr, values: Sequence[ast.expr]) -> None:
        """Take note that a target may stand for each of these; one of several names for the part of each."""
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).extend(values)
        elif isinstance(target, ast.Tuple | ast.List):
            for place, part in enumerate(target.elts):
                parts = [
                    value.elts[place]
                    for value in values
                    if isinstance(value, ast.Tuple | ast.List) and place < len(value.elts)
                ]
                self._pair(part, parts or list(values))


def _called(function: _Function) -> Iterator[str]:
    """Yield the name of each call by name."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _reachable(function: _Function, functions: Mapping[str, _Function]) -> Iterator[_Function]:
    """Yield a test and those functions of its file that it calls, or that these call."""
    seen, queue = {function.name}, [function]
    while queue:
        node = queue.pop()
        yield node
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and name.id in functions and name.id not in seen:
                seen.add(name.id)
                queue.append(functions[name.id])
