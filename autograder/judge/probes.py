"""What of a suite's ``probes.py`` is sent into a sandbox: only what one probe, or one stand-in, needs.

A probe's source can be read by the student's code that runs beside it. So a probe travels without the stand-ins (which
are solutions of earlier questions) and without what other probes use: top-level functions and classes are sent only if
they are reachable by name from the one asked for. Imports and other top-level statements always travel, constants but
those that only stand-ins use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from autograder.errors import AssignmentError

__all__ = ["STAND_IN", "ProbeFile"]

STAND_IN = "stand_in_"
"""Prefix of the correct functions that may replace a student's: ``stand_in_forward`` for ``forward``."""

STAYS = "STAYS"
"""Name of the dict in ``probes.py`` that lists the functions whose stand-ins run in the sandbox, each with the reason:
what they are given is no plain data. All others are computed in a helper, and their source stays out of the sandbox."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, eq=False)
class ProbeFile:
    """The parsed ``probes.py`` of one suite; build it with `parse`."""

    text: str
    statements: tuple[ast.stmt, ...]
    definitions: dict[str, _Definition]
    stays: dict[str, str]
    """Why a function's stand-in runs in the sandbox, by the function's name."""

    @classmethod
    def parse(cls, text: str, path: str = "probes.py") -> ProbeFile:
        """Return the file's parts; raises AssignmentError (``suite-invalid``) on a syntax error."""
        try:
            statements = tuple(ast.parse(text).body)
        except (SyntaxError, ValueError) as error:
            place = (
                f"probes.py {error.lineno}번째 줄" if isinstance(error, SyntaxError) and error.lineno else "probes.py"
            )
            message = f"{place}: 문법 오류가 있습니다. 파일을 고친 뒤 다시 시도하세요."
            raise AssignmentError("suite-invalid", message, detail=f"{path}: {error}") from error
        own = tuple(statement for statement in statements if not _is_stays(statement))
        definitions = {s.name: s for s in statements if isinstance(s, _Definition)}
        return cls(text, own, definitions, _stays(statements))

    def has(self, name: str) -> bool:
        """Return whether `name` is a probe or a stand-in of this file."""
        return name in self.definitions

    def source_for(self, probe: str) -> str:
        """Return the source to send for one probe; raises KeyError for an unknown name."""
        return _slice(self, (probe,))

    def stand_ins_for(self, names: tuple[str, ...]) -> str:
        """Return source that defines each of `names` by its stand-in; raises KeyError where there is none."""
        lines = [f"{name} = {STAND_IN}{name}" for name in names]
        return "\n".join([_slice(self, tuple(STAND_IN + name for name in names)), *lines, ""])

    def split(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return those of the functions whose stand-ins run in the sandbox, and those for which it has to ask."""
        stays = tuple(name for name in names if name in self.stays)
        return stays, tuple(name for name in names if name not in self.stays)

    @property
    def stays_line(self) -> int:
        """The line of `STAYS`, 0 where the file has none."""
        return next((s.lineno for s in ast.parse(self.text).body if _is_stays(s)), 0)

    def reachable(self, name: str) -> frozenset[str]:
        """Return the definitions that travel with one of this name."""
        return frozenset(_reachable(self, (name,)))

    def student_names(self, probe: str) -> frozenset[str]:
        """Return the student's functions that a probe (with what it calls) uses as ``student.NAME``."""
        return _student_names(self, probe)


def _is_stays(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == STAYS for target in targets)


def _stays(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """Return what `STAYS` says, nothing where it is no plain dict of texts."""
    for statement in statements:
        if isinstance(statement, ast.Assign) and _is_stays(statement):
            try:
                said = ast.literal_eval(statement.value)
            except ValueError:
                return {}
            if isinstance(said, dict) and all(isinstance(each, str) for pair in said.items() for each in pair):
                return said
    return {}


@lru_cache(maxsize=512)
def _slice(file: ProbeFile, wanted: tuple[str, ...]) -> str:
    for name in wanted:
        if name not in file.definitions:
            raise KeyError(name)
    keep = _reachable(file, wanted)
    private = _private_constants(file, keep)
    parts = [
        ast.get_source_segment(file.text, s) if not isinstance(s, _Definition) else _definition_text(file.text, s)
        for s in file.statements
        if (s.name in keep if isinstance(s, _Definition) else not private & _bound_by(s))
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


@lru_cache(maxsize=512)
def _student_names(file: ProbeFile, probe: str) -> frozenset[str]:
    found = set()
    for name in _reachable(file, (probe,)):
        for node in ast.walk(file.definitions[name]):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
                found.add(node.attr)
    return frozenset(found)


def _reachable(file: ProbeFile, wanted: Iterable[str]) -> set[str]:
    """Names of the definitions needed: those wanted, those their code names, and those top-level code names."""
    loose = [s for s in file.statements if not isinstance(s, _Definition)]
    queue = [name for name in wanted if name in file.definitions]
    for statement in loose:
        queue.extend(_names_in(statement) & file.definitions.keys())
    keep: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in keep:
            keep.add(name)
            queue.extend(_names_in(file.definitions[name]) & file.definitions.keys())
    return keep


def _private_constants(file: ProbeFile, keep: set[str]) -> set[str]:
    """Return the constants that stand-ins use and nothing that travels: they may be half of a solution."""
    loose = [s for s in file.statements if not isinstance(s, _Definition)]
    hidden = [d for name, d in file.definitions.items() if name.startswith(STAND_IN) and name not in keep]
    used = {name for definition in hidden for name in _names_in(definition)}
    elsewhere = {name for other in keep for name in _names_in(file.definitions[other])}
    elsewhere |= {name for s in loose for name in _names_in(s) - _bound_by(s)}
    return used - elsewhere


def _bound_by(statement: ast.stmt) -> set[str]:
    """Return the names that an assignment of constants binds, none for another statement."""
    if isinstance(statement, ast.AnnAssign):
        return {statement.target.id} if isinstance(statement.target, ast.Name) else set()
    if not isinstance(statement, ast.Assign) or not all(isinstance(t, ast.Name) for t in statement.targets):
        return set()
    return {target.id for target in statement.targets if isinstance(target, ast.Name)}


def _names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _definition_text(text: str, node: _Definition) -> str:
    """Return a definition with its decorators, which `ast.get_source_segment` leaves out."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    assert node.end_lineno is not None
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
