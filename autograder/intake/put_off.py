"""Owns which cells need not run before the score: the course's own experiments that no answer, test or cell leans on.

What may wait is a code cell of the master that carries no points and that the student left as it was, and an instant
check as it was released. Of those the largest set is taken of which no cell that runs before the score reads a global
name they bind (the greatest fixed point: a cell that is needed makes those needed that it reads itself). Names are
found by scope, with `symtable`, in the cell as IPython would compile it.

A cell that changes something it does not bind (``sys.path.insert``, ``plt.rcParams[...] = …``), or that may leave a
file, does not wait either.
Where a student's cell can reach names without writing them (``globals()``, ``exec``, a magic that takes code), or does
not parse, nothing waits. What is overlooked all the same shows as a NameError in the judge, which then runs the
notebook in order.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from autograder.intake.notebook import grade_id
from autograder.intake.syntax import MAX_COST, cost, parsed
from autograder.marks import Mark

__all__ = ["NOTHING", "PutOff", "experiments_of", "put_off"]

_OPAQUE = frozenset(
    {"globals", "locals", "eval", "exec", "compile", "__builtins__", "__main__", "importlib", "builtins"}
)
"""Names by which a cell reaches others that stand nowhere in its text."""
_OF_THE_CALLER = frozenset({"vars", "dir", "__import__"})
"""The same, unless they are called with a first argument: then they are about that."""
_REACHING = frozenset({"__globals__", "f_globals", "f_locals", "f_back", "_getframe", "user_ns", "user_global_ns"})
"""Attributes that lead to a module's names; so does ``sys.modules``."""
_HARMLESS_MAGICS = frozenset({"matplotlib", "config", "autoreload", "load_ext", "precision", "pip", "conda", "xmode"})
_TIMED = re.compile(r"(?:-[nrpo]\s*\d*\s+|-[tcqov]+\s+)*(?P<code>.*)", re.DOTALL)
"""What ``%time`` and ``%timeit`` are given."""
_CHANGES = re.compile(
    r"append|extend|insert|update|add|setdefault|pop|popitem|remove|discard|clear|sort|reverse|load_state_dict"
    r"|register\w*|set_\w+|use\w*|enable\w*|disable\w*|simplefilter|filterwarnings|basicConfig|configure|setattr|patch"
)
"""Methods that change what they are called on."""
_OF_ARRAYS = frozenset(
    f"{module}.{function}" for module in ("torch", "np", "numpy") for function in ("add", "append", "insert", "sort")
)
"""Functions of arrays by these names: they return a new one and change no module."""
_WRITES = re.compile(
    r"save\w*|to_(?:csv|json|pickle|excel|parquet|npz|file)|dump|write\w*|mkdir|makedirs|touch|unlink|rename|copy\w*file|download\w*|system"
)
"""Functions and methods that may leave a file, by which later cells find it."""
_CHECK = re.compile(r"\s*check\((?:\"[^\"]*\"|'[^']*')\)\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class PutOff:
    """The cells of an assembled notebook that wait, by index, and the global names that they bind."""

    cells: tuple[int, ...] = ()
    names: frozenset[str] = frozenset()


NOTHING = PutOff()


@dataclass(frozen=True, slots=True)
class _Names:
    """What a cell does with global names; `opaque` if it can reach names that it does not write."""

    binds: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    opaque: bool = False


def experiments_of(master: Mapping[str, Any]) -> frozenset[str]:
    """Return the texts of the master's code cells that have no name in nbgrader, without blanks at their ends."""
    cells = master.get("cells")
    return frozenset(
        text
        for cell in (cells if isinstance(cells, list) else ())
        if cell.get("cell_type") == "code" and not grade_id(cell) and (text := _text(cell))
    )


def put_off(cells: Sequence[Mapping[str, Any]], experiments: frozenset[str]) -> PutOff:
    """Return which cells of an assembled notebook may wait until the score is known.

    Args:
        cells: the assembled notebook's.
        experiments: as `experiments_of` returns them.
    """
    waiting: dict[int, _Names] = {}
    running: list[_Needed] = []
    for index, cell in enumerate(cells):
        if cell["cell_type"] != "code" or not _text(cell):
            continue
        role = _role_of(cell, experiments)
        if role == "check":
            waiting[index] = _Names()
            continue
        names = _names_in(_text(cell)) if role == "student" else _names_of(_text(cell))
        if role == "course" and not (names.opaque or _changes(_text(cell))):
            waiting[index] = names
            continue
        if role == "student" and names.opaque:
            return NOTHING
        running.append(_Needed(_text(cell), names.reads))
    while needed := [index for index, names in waiting.items() if any(own.needs(names.binds) for own in running)]:
        for index in needed:
            running.append(_Needed(_text(cells[index]), waiting.pop(index).reads))
    return PutOff(tuple(waiting), frozenset[str]().union(*(names.binds for names in waiting.values())))


@dataclass(slots=True)
class _Needed:
    """A cell that runs before the score."""

    text: str
    reads: frozenset[str]
    _exact: bool = field(default=False)

    def needs(self, binds: frozenset[str]) -> bool:
        """Return whether it reads one of these names from elsewhere; looks closely only where it seems so."""
        if self.reads.isdisjoint(binds):
            return False
        if not self._exact:
            tree = parsed(self.text)
            self.reads = self.reads if tree is None else _foreign_reads(tree)
            self._exact = True
        return not self.reads.isdisjoint(binds)


def _role_of(cell: Mapping[str, Any], experiments: frozenset[str]) -> str:
    """Return ``check``, ``course`` (an experiment as it was given), ``frame`` (set-up) or ``student``."""
    marks = cell.get("metadata", {}).get("nbgrader", {})
    if marks.get("locked") and not marks.get("solution"):
        lines = [line for line in _text(cell).split("\n") if line.strip() and not line.lstrip().startswith("#")]
        return "check" if marks.get("grade") and all(_CHECK.fullmatch(line) for line in lines) else "frame"
    if marks.get("grade_id") or Mark.of(cell).answers:
        return "student"
    return "course" if _text(cell) in experiments else "student"


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")


@lru_cache(maxsize=256)
def _names_of(text: str) -> _Names:
    """Return the names of a cell of the course's own, which come again with every submission."""
    return _names_in(text)


def _names_in(text: str) -> _Names:
    """Return what a cell does with global names; an opaque one where that cannot be told."""
    tree = parsed(text) if cost(text) <= MAX_COST else None
    if tree is None:
        return _Names(opaque=True)
    try:
        table = _table_of(text, tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Names(opaque=True)
    binds, reads = _globals_of(table)
    more, opaque = _by_hand(tree)
    return _Names(frozenset(binds), frozenset(reads | more), opaque)


def _table_of(text: str, tree: ast.Module) -> symtable.SymbolTable:
    try:
        return symtable.symtable(text, "<cell>", "exec")
    except SyntaxError:  # a magic, which the tree has as a call
        return symtable.symtable(ast.unparse(tree), "<cell>", "exec")


def _globals_of(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Return the global names that a scope and those in it bind and read."""
    binds: set[str] = set()
    reads: set[str] = set()
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if not (top or symbol.is_global()):
            continue
        if symbol.is_assigned() or symbol.is_imported() or (top and symbol.is_namespace()):
            binds.add(symbol.get_name())
        if symbol.is_referenced() or (not top and symbol.is_assigned()):  # ``global n; n += 1``, which no flag tells
            reads.add(symbol.get_name())
    for inner in table.get_children():
        more_binds, more_reads = _globals_of(inner)
        binds |= more_binds
        reads |= more_reads
    return binds, reads


def _by_hand(tree: ast.Module) -> tuple[set[str], bool]:
    """Return names that are read where no symbol table says so, and whether names can be reached at run time."""
    reads: set[str] = set()
    for node in _outside_functions(tree):
        match node:
            case ast.AugAssign(target=ast.Name(id=name)) | ast.Name(id=name, ctx=ast.Del()):
                reads.add(name)
    opaque = False
    plain: set[int] = set()
    for node in ast.walk(tree):  # a call comes before its parts
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython") as shell), attr=method)):
                said = _read_by_magic(method, node.args)
                opaque = opaque or said is None
                reads |= said or set()
                plain.add(id(shell))
            case ast.Call(func=ast.Name(id=name) as called, args=[first, *_]) if name in _OF_THE_CALLER:
                if name != "__import__" or (isinstance(first, ast.Constant) and first.value not in _OPAQUE):
                    plain.add(id(called))
            case ast.Name(id=name) if id(node) not in plain:
                opaque = opaque or name in _OPAQUE | _OF_THE_CALLER | {"get_ipython"}
            case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
                opaque = True
            case ast.Attribute(attr=name):
                opaque = opaque or name in _REACHING
            case ast.Import(names=names):
                opaque = opaque or any(alias.name.split(".")[0] in _OPAQUE for alias in names)
            case ast.ImportFrom(module=module, names=names):
                opaque = opaque or str(module).split(".")[0] in _OPAQUE
                opaque = opaque or any(alias.name in _OPAQUE | _REACHING | {"modules"} for alias in names)
    return reads, opaque


def _read_by_magic(method: str, arguments: Sequence[ast.expr]) -> set[str] | None:
    """Return the names that a magic, as IPython rewrites it, reads; None where that cannot be told."""
    values = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    if len(values) < len(arguments) or any(set("{$") & set(str(value)) for value in values):
        return None
    if method in ("system", "getoutput"):
        return set()
    name, line = (str(values[0]), str(values[-1])) if method == "run_line_magic" and len(values) == 2 else ("", "")
    if name in _HARMLESS_MAGICS:
        return set()
    timed = _TIMED.fullmatch(line) if name in ("time", "timeit") else None
    tree = parsed(timed["code"]) if timed else None
    if tree is None:
        return None
    names = _names_in(ast.unparse(tree))
    return None if names.opaque else set(names.reads)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield inner
            yield from _outside_functions(inner)


@lru_cache(maxsize=256)
def _changes(text: str) -> bool:
    """Return whether a cell leaves a file, or changes what it has not made itself: stores into it, or has it changed.

    What it imports is everybody's, and what a magic does too.
    """
    tree = parsed(text)
    if tree is None:
        return True
    own = (_names_of(text).binds | _locals_around(tree)) - _imported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="get_ipython"):
                return True
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                if _base(node) not in own:
                    return True
            case ast.Call(func=ast.Name(id="open")):
                return True
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if _WRITES.fullmatch(name):
                return True
            case ast.Call(func=ast.Attribute(attr=method) as called) if _CHANGES.fullmatch(method):
                if _base(called) not in own and ast.unparse(called) not in _OF_ARRAYS:
                    return True
    return False


def _imported(tree: ast.Module) -> frozenset[str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return frozenset[str]().union(*map(_surely_bound, imports))


def _locals_around(tree: ast.Module) -> frozenset[str]:
    """Return the names that the functions and comprehensions of a cell bind for themselves."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
    return frozenset(found)


def _base(node: ast.AST) -> str:
    """Return the name at the root of ``a.b[c].d``, or "" where it is no name (a call's result, a constant)."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _foreign_reads(tree: ast.Module) -> frozenset[str]:
    """Return the global names that a cell reads before it has surely bound them itself."""
    found: set[str] = set()
    _read_through(tree.body, set(), found)
    return frozenset(found)


def _read_through(body: Iterable[ast.stmt], bound: set[str], found: set[str]) -> None:
    """Go through statements in order; adds to `bound` what they surely bind, to `found` what they read before."""
    for statement in body:
        match statement:
            case ast.If(test=test) | ast.While(test=test):
                _read(test, bound, found)
            case ast.For(iter=iterable, target=target) | ast.AsyncFor(iter=iterable, target=target):
                _read(iterable, bound, found)
                _read_through(statement.body, bound | _targets(target), found)
                _read_through(statement.orelse, set(bound), found)
                continue
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    _read(item.context_expr, bound, found)
                    bound |= _targets(item.optional_vars) if item.optional_vars else set()
                _read_through(statement.body, bound, found)
                continue
            case _:
                _read(statement, bound, found)
                bound |= _surely_bound(statement)
                continue
        _read_through(statement.body, set(bound), found)
        _read_through(statement.orelse, set(bound), found)


def _read(node: ast.stmt | ast.expr, bound: set[str], found: set[str]) -> None:
    """Add the global names that a statement or expression reads and that are not bound yet."""
    try:
        _, reads = _globals_of(symtable.symtable(ast.unparse(node), "<cell>", "exec"))
    except (SyntaxError, ValueError):  # ``return`` at the top, say: then every name counts
        reads = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    more, _ = _by_hand(ast.Module([node if isinstance(node, ast.stmt) else ast.Expr(node)], []))
    found |= (reads | more) - bound


def _surely_bound(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Assign(targets=targets):
            return set().union(*map(_targets, targets))
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _targets(target)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name.split(".")[0] for alias in names}
    return set()


def _targets(node: ast.AST) -> set[str]:
    """Return the names that a target of an assignment binds."""
    return set(_names_of_target(node))


def _names_of_target(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _names_of_target(part)
        case ast.Starred(value=inner):
            yield from _names_of_target(inner)
