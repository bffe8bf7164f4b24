"""Names that a suite asks for and that nobody defines, and calls whose arguments do not fit; by `ast`, nothing runs.

A misspelt name in a test, a fixture, a helper or a probe costs every student the points, and in a branch that only
wrong work reaches nobody sees it before a student does. What is looked up where: ``student.NAME`` in the master's
cells, ``student.probe("NAME")`` in ``probes.py``, ``reference.NAME`` in ``reference.py``. A line that means it says so
by the finding's code: ``# lint: allow wrong-arguments``.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from autograder.findings import Finding, did_you_mean
from autograder.judge.probes import STAND_IN
from autograder.korean import fill
from autograder.lint.claims import unchecked
from autograder.lint.modules import Function, Module, master_module, read_module
from autograder.lint.randomness import allowed_in, unseeded
from autograder.lint.signatures import misfit
from autograder.lint.undefined import undefined
from autograder.lint.uses import Kind, Use, expectation_methods, uses_in
from autograder.model import Assignment

__all__ = ["check_names"]

_SANDBOX = frozenset({"student", "torch", "np", "math"})
"""Names that the sandbox gives to ``probes.py``."""
_FIXTURES = frozenset({"device", "generator", "reference", "request", "rng", "student"})
_LIBRARIES = ("math", "numpy", "torch")
"""Libraries whose names are looked up: the judge has imported them anyway."""


def check_names(assignment: Assignment, master: Mapping[str, Any]) -> list[Finding]:
    """Return what the files of a suite ask for in vain, in the order of files and lines.

    A file that does not parse is passed over: collecting the suite names it.

    Args:
        assignment: whose suite it is.
        master: the instructor's notebook, see `catalog.read_master`.
    """
    folder = assignment.suite_dir
    student = master_module(master)
    reference = read_module(folder / "reference.py") or Module("reference.py")
    probes = read_module(folder / "probes.py") or Module("probes.py")
    tests = [module for path in sorted(folder.glob("test_*.py")) if (module := read_module(path)) is not None]
    known = _Known(student, reference, probes)

    found: list[Finding] = []
    for module in tests:
        found += [*known.check(module, uses_in(module)), *_leans(module, student), *_fixtures(module)]
        found += [*undefined(module), *_library_names(module), *unseeded(module), *unchecked(module)]
    found += [*known.check(probes, uses_in(probes, {"student": Kind.STUDENT})), *_stand_ins(assignment, probes)]
    found += [*undefined(probes, _SANDBOX), *_library_names(probes)]
    found += [*known.check(reference, uses_in(reference)), *undefined(reference), *_library_names(reference)]
    found += unseeded(reference)
    texts = {module.name: module.text.splitlines() for module in (*tests, probes, reference)}
    unique = {(f.code, f.file, f.line, f.message): f for f in found if not _allowed(f, texts[f.file])}.values()
    return sorted(unique, key=lambda finding: (finding.file, finding.line))


def _allowed(finding: Finding, lines: list[str]) -> bool:
    """Return whether the finding's own line allows it by its code: ``# lint: allow wrong-arguments``."""
    line = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
    return finding.code in allowed_in(line)


class _Known:
    """Where each kind of name is looked up."""

    def __init__(self, student: Module, reference: Module, probes: Module) -> None:
        self._modules = {Kind.STUDENT: student, Kind.REFERENCE: reference, Kind.PROBE: probes}

    def check(self, module: Module, uses: Iterable[Use]) -> Iterator[Finding]:
        """Return a finding for each use that names nothing, or calls it wrongly."""
        for use in uses:
            where = self._modules.get(use.kind, module)
            methods = expectation_methods() if use.kind is Kind.EXPECTATION else None
            functions = where.functions if methods is None else methods
            names = where.names if methods is None else methods.keys()
            if use.name not in names and (methods is not None or where.complete):
                yield _missing(module.name, use, names)
            elif use.arguments is not None and use.name in functions:
                why = misfit(use.arguments, functions[use.name], bound=methods is not None)
                if why:
                    message = f"{_SHOWN[use.kind].format(use.name)}의 인자가 맞지 않습니다. {why}"
                    yield Finding("wrong-arguments", message, module.name, use.line)


_SHOWN = {
    Kind.STUDENT: "student.{}",
    Kind.REFERENCE: "reference.{}",
    Kind.PROBE: "probe '{}'",
    Kind.EXPECTATION: "expect(...).{}",
    Kind.LOCAL: "함수 {}",
}
_HOMES = {
    Kind.STUDENT: "원본 노트북",
    Kind.REFERENCE: "reference.py",
    Kind.EXPECTATION: "expect",
    Kind.PROBE: "probes.py",
}


def _missing(file: str, use: Use, names: Iterable[str]) -> Finding:
    code = "unknown-probe" if use.kind is Kind.PROBE else "unknown-name"
    shown, hint = _SHOWN[use.kind].format(use.name), did_you_mean(use.name, names)
    message = "{shown}: {home}에 '{name}'{name:이/가} 없습니다.{hint}"
    return Finding(code, fill(message, shown=shown, home=_HOMES[use.kind], name=use.name, hint=hint), file, use.line)


def _leans(module: Module, student: Module) -> Iterator[Finding]:
    for node in _calls(module, "leans_on"):
        for value in node.args:
            name = value.value if isinstance(value, ast.Constant) else None
            if isinstance(name, str) and name not in student.names and student.complete:
                message = "leans_on에 적은 함수 '{name}'{name:이/가} 원본 노트북에 없습니다.{hint}"
                text = fill(message, name=name, hint=did_you_mean(name, student.functions))
                yield Finding("unknown-name", text, module.name, value.lineno)


def _fixtures(module: Module) -> Iterator[Finding]:
    """Find fixtures that are asked for by name in the middle of a test, which collecting does not see."""
    known = {*_FIXTURES, *(node.name for node in _top(module) if isinstance(node, Function))}
    for node in _calls(module, "getfixturevalue"):
        value = node.args[0] if node.args else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value not in known:
            message = "fixture '{name}'{name:이/가} 없습니다.{hint}"
            text = fill(message, name=value.value, hint=did_you_mean(value.value, known))
            yield Finding("suite-fixture", text, module.name, value.lineno)


def _stand_ins(assignment: Assignment, probes: Module) -> Iterator[Finding]:
    asked = {name for question in assignment.questions for name in question.names}
    for node in _top(probes):
        if isinstance(node, Function | ast.ClassDef) and node.name.startswith(STAND_IN):
            name = node.name.removeprefix(STAND_IN)
            if name not in asked:
                message = "{stand_in}: 어느 문항의 names에도 '{name}'{name:이/가} 없습니다.{hint}"
                text = fill(message, stand_in=node.name, name=name, hint=did_you_mean(name, asked))
                yield Finding("unknown-stand-in", text, probes.name, node.lineno)


def _calls(module: Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree) if module.tree is not None else ():
        if isinstance(node, ast.Call):
            last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if last == name:
                yield node


def _top(module: Module) -> list[ast.stmt]:
    return module.tree.body if module.tree is not None else []


# -- names of libraries


def _library_names(module: Module) -> Iterator[Finding]:
    """Find ``torch.zerso`` and the like; a name that the file binds more than once is left alone."""
    libraries = _imported_libraries(module)
    for node in ast.walk(module.tree) if module.tree is not None and libraries else ():
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        owner = _library(node.value, libraries)
        if owner is not None and not hasattr(owner, node.attr):
            message = "{shown}: '{name}'{name:이/가} 없습니다.{hint}"
            words = {"shown": ast.unparse(node), "name": node.attr, "hint": did_you_mean(node.attr, dir(owner))}
            yield Finding("unknown-name", fill(message, **words), module.name, node.end_lineno or node.lineno)


def _imported_libraries(module: Module) -> dict[str, ModuleType]:
    found: dict[str, ModuleType] = {}
    for node in _top(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                if root in _LIBRARIES:
                    whole = importlib.import_module(alias.name)
                    found[alias.asname or root] = whole if alias.asname else importlib.import_module(root)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] in _LIBRARIES:
            owner = importlib.import_module(node.module or "")
            for alias in node.names:
                value = getattr(owner, alias.name, None)
                if isinstance(value, ModuleType):
                    found[alias.asname or alias.name] = value
    stored = (
        {n.id for n in ast.walk(module.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if (module.tree)
        else set()
    )
    parameters = {n.arg for n in ast.walk(module.tree) if isinstance(n, ast.arg)} if module.tree else set()
    return {name: value for name, value in found.items() if name not in stored | parameters}


def _library(node: ast.expr, libraries: Mapping[str, ModuleType]) -> ModuleType | None:
    """Return the module that an expression is, or None."""
    if isinstance(node, ast.Name):
        return libraries.get(node.id)
    owner = _library(node.value, libraries) if isinstance(node, ast.Attribute) else None
    value = getattr(owner, node.attr, None) if owner is not None and isinstance(node, ast.Attribute) else None
    return value if isinstance(value, ModuleType) else None
