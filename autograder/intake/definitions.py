"""Owns what can be told without running a cell about the functions in it: which it defines, which are still stubs.

All of it is advice: it finds answers that stand elsewhere and says what was never begun. What a name is in the end is
decided where the notebook runs.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.intake.syntax import parsed
from autograder.marks import Stub

__all__ = ["Definitions", "definitions", "forms", "same_code"]


@dataclass(frozen=True, slots=True)
class Definitions:
    """What one cell defines at module level, also under ``if``, ``try``, ``with`` and loops.

    Args:
        answers: names bound to what may be called and is no stub: def, class, import, lambda, a call, another name. A
            cell can hold a stub and an answer of one name.
        stubs: what is as it was released, or does nothing.
        parameters: name of a function and the names of its parameters, of every def.
    """

    answers: frozenset[str] = frozenset()
    stubs: tuple[Stub, ...] = ()
    parameters: frozenset[tuple[str, tuple[str, ...]]] = frozenset()


def definitions(source: str, released: Collection[str] = frozenset()) -> Definitions:
    """Return what the cell defines; nothing if it does not parse or is not looked at (see `syntax`).

    Args:
        source: of the cell.
        released: `forms` of the cells that students were given.
    """
    tree = parsed(source)
    if tree is None:
        return Definitions()
    answers: set[str] = set()
    stubs: list[Stub] = []
    parameters: set[tuple[str, tuple[str, ...]]] = set()
    for name, node in _bound(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = node.args
            parameters.add((name, tuple(arg.arg for arg in (*own.posonlyargs, *own.args, *own.kwonlyargs))))
        if isinstance(node, _NAMED) and (_form(node) in released or _is_empty(node)):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            stubs.append(Stub(name, first, node.end_lineno or first))
        else:
            answers.add(name)
    return Definitions(frozenset(answers), tuple(stubs), frozenset(parameters))


def forms(source: str) -> frozenset[str]:
    """Return each function and class of a released cell in a form that can be compared."""
    tree = parsed(source)
    bound = [] if tree is None else list(_bound(tree.body))
    return frozenset(_form(node) for _, node in bound if isinstance(node, _NAMED))


def same_code(one: str, other: str) -> bool:
    """Return whether two cells are the same program: they differ in blanks, quotes, comments and docstrings only."""
    first, second = parsed(one), parsed(other)
    return first is not None and second is not None and _form_of(first.body) == _form_of(second.body)


_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CALLABLE = (ast.Lambda, ast.Call, ast.Name, ast.Attribute, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Await)


def _bound(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names bound to what may be called, in order, with the node that binds them."""
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield statement.name, statement
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name.split(".")[0], statement) for alias in names)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _assigned(target, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield from _assigned(target, value)
            case _:
                for part in ("body", "handlers", "orelse", "finalbody", "cases"):
                    for inner in getattr(statement, part, ()):
                        yield from _bound(inner.body if not isinstance(inner, ast.stmt) else [inner])


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(target, ast.Name) and isinstance(value, _CALLABLE):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        if len(values) == len(target.elts):
            for one, part in zip(target.elts, values, strict=True):
                yield from _assigned(one, part)
        else:
            for one in target.elts:
                if isinstance(one, ast.Name):
                    yield one.id, value


def _form(node: _Named) -> str:
    """Return a function or class as text for comparison, without its docstring."""
    head = ast.dump(node.args) if not isinstance(node, ast.ClassDef) else ast.dump(ast.Tuple(node.bases))
    return f"{type(node).__name__} {node.name}({head}) {_form_of(node.body)}"


def _form_of(body: list[ast.stmt]) -> str:
    """Return statements as text for comparison, without what is only said: docstrings, and other plain constants."""
    return " ".join(
        _form(statement) if isinstance(statement, _NAMED) and not statement.decorator_list else ast.dump(statement)
        for statement in body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    )


def _is_empty(node: _Named) -> bool:
    """Return whether a function holds nothing but words, ``pass``, ``...`` or ``raise NotImplementedError``."""
    return not isinstance(node, ast.ClassDef) and all(_says_nothing(statement) for statement in node.body)


def _says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False
