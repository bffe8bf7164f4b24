"""Claims that a hidden test uses before it has looked at them; by `ast`, nothing runs.

What ``student.NAME(...)`` and ``student.probe(...)`` return was made beside a student's code. `expect` looks at its
form; whatever indexes, compares, iterates or computes with it before raises on a strange value, which reads as our
fault. A name is followed inside the function that binds it, from a plain assignment on; what is handed to another
function of the file is that one's affair. A line that means it says so: ``# lint: allow claim-unchecked``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.findings import Finding
from autograder.lint.modules import Function, Module

__all__ = ["unchecked"]

_BUILTINS = frozenset(
    {
        *("len", "float", "int", "bool", "complex", "abs", "min", "max", "sum", "sorted", "round", "all", "any"),
        *("list", "tuple", "set", "frozenset", "dict", "zip", "enumerate", "reversed", "iter", "next", "map", "filter"),
    }
)
"""What computes with its arguments or runs over them."""
_ASKS = frozenset({"isinstance", "type", "str", "repr", "print", "id", "hash", "raises"})
"""What takes a value and makes it no safer."""
_LIBRARIES = frozenset({"torch", "np", "math", "reference"})
_LOOKS = frozenset({"is_tensor"})
"""Functions of these that only look at what a value is."""
_METHODS = frozenset(
    {
        *("item", "sum", "mean", "tolist", "norm", "max", "min", "abs", "double", "to", "numpy", "reshape", "dim"),
        *("keys", "values", "items", "get", "index", "count", "unique", "std", "sort", "sign", "square"),
    }
)
"""Methods of tensors, dicts and lists: an object that stays in the sandbox is called by names of its own."""


def unchecked(module: Module) -> list[Finding]:
    """Return each use of a claim in a test file that nothing has looked at, one a line, in the order of lines."""
    functions = [node for node in module.nodes if isinstance(node, Function)]
    lines = {use.lineno for function in functions for use in _uses(function)}
    message = "student가 돌려준 값을 살펴보기 전에 씁니다. expect()로 종류와 모양을 먼저 확인하세요."
    return [Finding("claim-unchecked", message, module.name, line) for line in sorted(lines)]


def _uses(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    """Yield the claims of a function that are used too early, or in a way that no look at them makes safe."""
    nodes = list(ast.walk(function))
    bound = {name for node in nodes for name in _bound(node)}
    looked: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node.func) not in ("", *_BUILTINS, *_ASKS):  # expect, or a helper
            for name in map(_name, node.args):
                looked[name] = min(node.lineno, looked.get(name, node.lineno))
    for node in nodes:
        for claim, indexed in _used(node):
            name = _name(claim)
            if _is_ask(claim) or (name in bound and not (indexed and looked.get(name, claim.lineno) < claim.lineno)):
                yield claim


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the name that a plain assignment gives to a claim."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_ask(node.value):
        yield _name(node.targets[0])


def _used(node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what a node computes with, and whether it only takes an entry out of it."""
    match node:
        case ast.Subscript(value=value):
            yield value, True
        case ast.Attribute(value=value, attr=attr) if _is_ask(value) or isinstance(value, ast.Name):
            if not isinstance(node.ctx, ast.Load) or attr in _METHODS or attr in ("shape", "dtype", "T"):
                yield value, False
        case ast.Compare(left=left, ops=ops, comparators=others):
            if not all(isinstance(op, ast.Is | ast.IsNot) for op in ops):
                yield from ((side, False) for side in (left, *others))
        case ast.BinOp(left=left, right=right):
            yield from ((left, False), (right, False))
        case ast.UnaryOp(operand=operand):
            yield operand, False
        case ast.For(iter=value) | ast.comprehension(iter=value):
            yield value, False
        case ast.If(test=value) | ast.While(test=value) | ast.IfExp(test=value) | ast.Starred(value=value):
            yield value, False
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
            yield value, False
        case ast.Call(func=func, args=args):
            owner = _name(func.value) if isinstance(func, ast.Attribute) else ""
            library = owner in _LIBRARIES and isinstance(func, ast.Attribute) and func.attr not in _LOOKS
            if library or _name(func) in _BUILTINS:
                yield from ((value, False) for value in args)


def _is_ask(node: ast.expr) -> bool:
    """Whether this calls the student's code: ``student.NAME(...)``, ``student.probe(...)``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _name(node.func.value) == "student"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
