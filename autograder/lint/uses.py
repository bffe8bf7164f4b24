"""Follows ``student``, ``reference`` and what `expect` returns through one file, and notes what is asked of them.

An object is known by its name as a parameter, by being passed to a function of the file or returned by a fixture, or
by being assigned once. Anything less clear is left alone: a false alarm costs more than a mistake that the gate finds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autograder.lint.modules import Function, Module, bound_names, read_module, scopes_in
from autograder.lint.signatures import Arguments

__all__ = ["Kind", "Use", "expectation_methods", "uses_in"]


class Kind(Enum):
    """What an object is."""

    STUDENT = auto()
    REFERENCE = auto()
    EXPECTATION = auto()
    PROBE = auto()
    """Not an object: a probe that is asked for by its name."""
    LOCAL = auto()
    """Not an object: a function of the file itself, called by its name."""


@dataclass(frozen=True)
class Use:
    """One thing asked of an object: an attribute, and the arguments if it is called."""

    kind: Kind
    name: str
    line: int
    arguments: Arguments | None = None


_PARAMETERS = {"student": Kind.STUDENT, "student_module": Kind.STUDENT, "reference": Kind.REFERENCE}
"""What a parameter of this name is, in every file of a suite."""

_Env = dict[str, Kind]


@dataclass(frozen=True)
class _Forward:
    """A function of the file that hands a parameter on as the name of a probe.

    Args:
        place: of that parameter.
        rest: all further arguments of a call go to the probe.
    """

    place: int
    rest: bool


@cache
def expectation_methods() -> Mapping[str, Function]:
    """Return the public methods of `judge.expectations.Expectation`, read and not imported: torch takes a second."""
    spec = find_spec("autograder")
    folder = Path((spec.submodule_search_locations or [""])[0]) if spec is not None else Path()
    module = read_module(folder / "judge" / "expectations.py")
    body = module.tree.body if module is not None and module.tree is not None else []
    classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == "Expectation"]
    return {
        node.name: node
        for found in classes
        for node in found.body
        if isinstance(node, Function) and not node.name.startswith("_")
    }


def uses_in(module: Module, everywhere: Mapping[str, Kind] | None = None) -> list[Use]:
    """Return what a file asks of the objects, in no order.

    Args:
        module: the file.
        everywhere: names that are known without being a parameter, as ``student`` is in ``probes.py``.
    """
    return list(_File(module, dict(everywhere or {})).uses()) if module.tree is not None else []


class _File:
    def __init__(self, module: Module, everywhere: _Env) -> None:
        assert module.tree is not None
        self._body = module.tree.body
        self._functions = module.functions
        self._top = everywhere
        self._defined = {node.name: node for node in self._body if isinstance(node, Function)}
        self._expects = "expect" in module.names and "expect" not in self._defined
        self._passed: dict[tuple[str, str], set[Kind]] = {}
        self._forwards: dict[str, _Forward] = {}
        self._fixtures = self._returned_by_fixtures()

    def uses(self) -> Iterator[Use]:
        """Return what is asked: first it is found out who passes what to whom, until nothing new is found."""
        for _ in range(len(self._defined) + 1):
            before = (sum(map(len, self._passed.values())), len(self._forwards))
            found = list(self._walk(self._body, self._top, None))
            if before == (sum(map(len, self._passed.values())), len(self._forwards)):
                return iter(found)
        return iter(found)

    def _returned_by_fixtures(self) -> dict[str, Kind | None]:
        """Return what the file's own fixtures give: an object that is known, or None for anything else."""
        found: dict[str, Kind | None] = {}
        for name, node in self._defined.items():
            if any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list):
                given = [n.value for n in scopes_in(node.body) if isinstance(n, ast.Return | ast.Yield)]
                kinds = {_PARAMETERS.get(value.id) if isinstance(value, ast.Name) else None for value in given}
                found[name] = kinds.pop() if len(kinds) == 1 else None
        return found

    def _walk(self, body: Sequence[ast.AST], env: _Env, function: Function | None) -> Iterator[Use]:
        """Yield the uses in one scope, and in the scopes inside it."""
        nodes = list(scopes_in(list(body)))  # type: ignore[arg-type]
        env = self._assigned(nodes, env)
        local = {name for name, _ in bound_names(iter(nodes))} if function is not None else set()
        hidden = local | ({p.arg for p in _parameters(function)} if function is not None else set())
        literals = _loops(nodes)
        called = {id(node.func): node for node in nodes if isinstance(node, ast.Call)}
        for node in _meant_to_fail(nodes):
            called.pop(id(node), None)
        for node in nodes:
            if isinstance(node, Function):
                yield from self._walk([*node.decorator_list, *_defaults(node)], env, function)
                yield from self._walk(node.body, self._inside(node, env), node)
            elif isinstance(node, ast.Lambda):
                own = {p.arg for p in _parameters(node)}
                yield from self._walk([node.body], {n: k for n, k in env.items() if n not in own}, function)
            elif isinstance(node, ast.ClassDef):
                yield from self._walk(node.body, env, None)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                kind = self._kind(node.value, env)
                if kind is not None and not node.attr.startswith("__"):
                    yield from self._asked(kind, node, called.get(id(node)), literals, function)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from self._called(node, node.func.id, env, hidden, literals, function)

    def _inside(self, node: Function, env: _Env) -> _Env:
        """Return what is known inside a function."""
        own = dict(env)
        for parameter in _parameters(node):
            kinds = self._passed.get((node.name, parameter.arg), set())
            known = self._fixtures.get(parameter.arg, _PARAMETERS.get(parameter.arg))
            kind = known or (next(iter(kinds)) if len(kinds) == 1 else None)
            if kind is None:
                own.pop(parameter.arg, None)
            else:
                own[parameter.arg] = kind
        return own

    def _assigned(self, nodes: Sequence[ast.AST], env: _Env) -> _Env:
        """Return what is known after the assignments of a scope; a name bound in more than one way is not."""
        own = dict(env)
        simple = {
            id(node.targets[0]): node.value
            for node in nodes
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        }
        kinds: dict[str, set[Kind | None]] = {}
        for name, target in bound_names(iter(nodes)):
            value = simple.get(id(target))
            kinds.setdefault(name, set()).add(None if value is None else self._kind(value, own))
            (kind, *more) = kinds[name]
            if kind is None or more:
                own.pop(name, None)
            else:
                own[name] = kind
        return own

    def _kind(self, node: ast.expr, env: _Env) -> Kind | None:
        if isinstance(node, ast.Name):
            return env.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return _PARAMETERS.get(node.attr)
        if not isinstance(node, ast.Call):
            return None
        if isinstance(node.func, ast.Name):
            return Kind.EXPECTATION if node.func.id == "expect" and self._expects else None
        if isinstance(node.func, ast.Attribute) and self._kind(node.func.value, env) is Kind.EXPECTATION:
            method = expectation_methods().get(node.func.attr)
            again = method is not None and method.returns is not None and ast.unparse(method.returns) == "Expectation"
            return Kind.EXPECTATION if again else None
        return None

    def _asked(
        self,
        kind: Kind,
        node: ast.Attribute,
        call: ast.Call | None,
        literals: Mapping[str, list[ast.Constant]],
        function: Function | None,
    ) -> Iterator[Use]:
        line = node.end_lineno or node.lineno
        if kind is not Kind.STUDENT or node.attr != "probe":
            yield Use(kind, node.attr, line, Arguments.of(call.args, call.keywords) if call is not None else None)
        elif call is not None and call.args:
            first, rest = call.args[0], call.args[1:]
            for literal in _strings(first, literals):
                yield Use(Kind.PROBE, literal.value, literal.lineno, Arguments.of(rest, call.keywords))  # type: ignore[arg-type]
            self._note_forward(first, rest, call.keywords, function)

    def _note_forward(
        self, first: ast.expr, rest: Sequence[ast.expr], keywords: Sequence[ast.keyword], function: Function | None
    ) -> None:
        """Note that `function` hands one of its parameters on as a probe's name."""
        names = [p.arg for p in (*function.args.posonlyargs, *function.args.args)] if function is not None else []
        if function is None or not isinstance(first, ast.Name) or first.id not in names:
            return
        place, vararg, kwarg = names.index(first.id), function.args.vararg, function.args.kwarg
        all_positional = vararg is not None and [ast.unparse(value) for value in rest] == [f"*{vararg.arg}"]
        all_named = [(k.arg, ast.unparse(k.value)) for k in keywords] == ([(None, kwarg.arg)] if kwarg else [])
        whole = all_positional and all_named and place == len(names) - 1 and not function.args.kwonlyargs
        self._forwards.setdefault(function.name, _Forward(place, whole))

    def _called(
        self,
        call: ast.Call,
        name: str,
        env: _Env,
        hidden: set[str],
        literals: Mapping[str, list[ast.Constant]],
        function: Function | None,
    ) -> Iterator[Use]:
        """Look at a call by name: of ``getattr``, or of a function of the file."""
        if name == "getattr" and len(call.args) > 1:
            kind = self._kind(call.args[0], env)
            for literal in _strings(call.args[1], literals) if kind is not None and len(call.args) == 2 else ():
                yield Use(kind, str(literal.value), literal.lineno)  # type: ignore[arg-type]
        if name not in self._defined or name in hidden:
            return
        if name in self._functions:
            yield Use(Kind.LOCAL, name, call.lineno, Arguments.of(call.args, call.keywords))
        target = self._defined[name]
        parameters = [p.arg for p in (*target.args.posonlyargs, *target.args.args)]
        given = [*zip(parameters, call.args, strict=False), *((k.arg, k.value) for k in call.keywords if k.arg)]
        for parameter, value in given:
            kind = self._kind(value, env)
            if kind is not None:
                self._passed.setdefault((name, parameter), set()).add(kind)
        forward = self._forwards.get(name)
        if forward is None or len(call.args) <= forward.place or _starred(call.args[: forward.place + 1]):
            return
        first, rest = call.args[forward.place], call.args[forward.place + 1 :]
        named = [keyword for keyword in call.keywords if keyword.arg not in parameters]
        for literal in _strings(first, literals):
            arguments = Arguments.of(rest, named) if forward.rest else None
            yield Use(Kind.PROBE, str(literal.value), literal.lineno, arguments)
        self._note_forward(first, (), (), function)


def _meant_to_fail(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Return what stands in a ``with raises(...)``: wrong arguments may be the point of it."""
    for node in nodes:
        if isinstance(node, ast.With) and any("raises(" in ast.unparse(item.context_expr) for item in node.items):
            for statement in node.body:
                yield from ast.walk(statement)


def _parameters(node: Function | ast.Lambda) -> list[ast.arg]:
    spec = node.args
    others = [parameter for parameter in (spec.vararg, spec.kwarg) if parameter is not None]
    return [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *others]


def _defaults(node: Function) -> list[ast.expr]:
    return [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]


def _starred(values: Sequence[ast.expr]) -> bool:
    return any(isinstance(value, ast.Starred) for value in values)


def _strings(node: ast.expr, loops: Mapping[str, list[ast.Constant]]) -> list[ast.Constant]:
    """Return the string constants that an expression can be."""
    if isinstance(node, ast.Constant):
        return [node] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return [*_strings(node.body, loops), *_strings(node.orelse, loops)]
    return loops.get(node.id, []) if isinstance(node, ast.Name) else []


def _loops(nodes: Sequence[ast.AST]) -> dict[str, list[ast.Constant]]:
    """Return the names that a loop gives constants to: ``for name in ("a", "b")``."""
    found: dict[str, list[ast.Constant]] = {}
    for node in nodes:
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            values = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
            found[node.target.id] = [v for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return found
