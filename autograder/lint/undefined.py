"""Names that a function uses and that nothing defines: a typo there shows only when its branch runs."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

from autograder.findings import Finding, did_you_mean
from autograder.korean import fill
from autograder.lint.modules import Module

__all__ = ["undefined"]

_OF_EVERY_MODULE = frozenset({"__name__", "__file__", "__doc__", "__spec__", "__loader__", "__package__"})


def undefined(module: Module, given: frozenset[str] = frozenset()) -> list[Finding]:
    """Return the names of a file that its functions look up in vain, at their first use.

    Args:
        module: the file; one with a star import is passed over, because it may define anything.
        given: names that whoever runs the file puts into it.
    """
    if module.tree is None or not module.complete:
        return []
    table = symtable.symtable(module.text, module.name, "exec")
    known = {*dir(builtins), *_OF_EVERY_MODULE, *module.names, *given}
    missing: dict[str, int] = {}
    for name, line in _looked_up(table):
        if name not in known:
            missing[name] = min(line, missing.get(name, line))
    return [_finding(module, name, line, known) for name, line in sorted(missing.items())]


def _looked_up(table: symtable.SymbolTable) -> Iterator[tuple[str, int]]:
    """Return each global name that a scope inside the module reads, with the scope's line."""
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                yield symbol.get_name(), child.get_lineno()
        yield from _looked_up(child)


def _finding(module: Module, name: str, line: int, known: set[str]) -> Finding:
    lines = [
        node.lineno
        for node in module.nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and node.lineno >= line
    ]
    message = "이름 '{name}'{name:이/가} 어디에도 정의되어 있지 않습니다.{hint}"
    text = fill(message, name=name, hint=did_you_mean(name, known))
    return Finding("undefined-name", text, module.name, min(lines, default=line))
