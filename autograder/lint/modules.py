"""A file of the suite, or the master's cells together, as names with their definitions; read, never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.intake.syntax import parsed
from autograder.judge.cell_text import names_in

__all__ = ["Function", "Module", "bound_names", "master_module", "read_module", "scopes_in"]

Function = ast.FunctionDef | ast.AsyncFunctionDef

_KEEPS_SIGNATURE = {"cache", "lru_cache", "contextmanager", "no_grad", "inference_mode", "enable_grad", "fixture"}
"""Decorators, by the last part of their names, behind which a function still takes its own arguments."""


@dataclass(frozen=True)
class Module:
    """What a piece of code binds at its top level.

    Args:
        name: the file's name, "" for the master.
        text: as it was read.
        tree: None where it does not parse.
        nodes: every node of the tree.
        names: everything bound at the top level.
        functions: those of `names` that are one function, whose arguments are known.
        complete: whether `names` are all; False with a star import or a part that does not parse.
    """

    name: str
    text: str = ""
    tree: ast.Module | None = None
    nodes: tuple[ast.AST, ...] = ()
    names: frozenset[str] = frozenset()
    functions: Mapping[str, Function] = field(default_factory=dict)
    complete: bool = True


def read_module(path: Path) -> Module | None:
    """Return a file's module, or None without the file; one that does not parse knows no names and is not complete."""
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return Module(path.name, complete=False)
    names, functions, complete = _bindings(tree.body)
    return Module(path.name, text, tree, tuple(ast.walk(tree)), frozenset(names), functions, complete)


def master_module(master: Mapping[str, Any]) -> Module:
    """Return what the code cells of a master notebook bind, all cells together."""
    names: set[str] = set()
    functions: dict[str, Function] = {}
    complete = True
    for cell in master.get("cells", ()):
        if cell.get("cell_type") != "code":
            continue
        source = "".join(cell.get("source", ""))
        tree = parsed(source)
        if tree is None:
            names |= names_in(source)
            complete = False
            continue
        own, own_functions, all_of_it = _bindings(tree.body)
        for name in own & names:
            functions.pop(name, None)
        functions.update({name: node for name, node in own_functions.items() if name not in names})
        names |= own
        complete = complete and all_of_it
    return Module("", names=frozenset(names), functions=functions, complete=complete)


def bound_names(nodes: Iterator[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Return each name that the nodes bind, once for each time."""
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id, node
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0], node
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest, node


def scopes_in(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Return the nodes of one scope: a function or class in it, not what is inside that."""
    queue: list[ast.AST] = list(reversed(body))
    while queue:
        node = queue.pop()
        yield node
        if isinstance(node, Function | ast.ClassDef | ast.Lambda):
            continue
        queue.extend(reversed(list(ast.iter_child_nodes(node))))


def _bindings(body: list[ast.stmt]) -> tuple[set[str], dict[str, Function], bool]:
    found = list(bound_names(scopes_in(body)))
    names = [name for name, _ in found]
    functions = {
        name: node
        for name, node in found
        if isinstance(node, Function) and names.count(name) == 1 and _keeps_signature(node)
    }
    # `global x` in a function binds it here too.
    declared = {n for node in body for inner in ast.walk(node) if isinstance(inner, ast.Global) for n in inner.names}
    return {*names, *declared} - {"*"}, functions, "*" not in names


def _keeps_signature(node: Function) -> bool:
    return all(_last_part(decorator) in _KEEPS_SIGNATURE for decorator in node.decorator_list)


def _last_part(node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
