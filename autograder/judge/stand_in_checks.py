"""What is wrong with the stand-ins of a ``probes.py``: what takes their source into a sandbox, or cannot be lent.

Pure: it reads the file's text. That a stand-in's arguments are plain data shows for certain when the master is tried
with it; a parameter that is called or used as a module shows here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.findings import Finding, did_you_mean
from autograder.judge.probes import STAND_IN, STAYS, ProbeFile
from autograder.korean import fill

__all__ = ["stand_in_problems"]

_OF_MODULES = {"children", "eval", "modules", "named_modules", "named_parameters", "parameters", "state_dict"}
"""Attributes that no tensor, list or dict has, and every module."""


def stand_in_problems(probes: ProbeFile) -> Iterator[Finding]:
    """Return what a suite must not have in its ``probes.py``."""
    names = [name.removeprefix(STAND_IN) for name in probes.definitions if name.startswith(STAND_IN)]
    _, lent = probes.split(tuple(names))
    hidden = {STAND_IN + name for name in lent}
    yield from _stays(probes, names)
    for name in lent:
        yield from _given(probes, name)
    for name, node in probes.definitions.items():
        shown = sorted(probes.reachable(name) & hidden) if name not in hidden else []
        if shown:
            message = (
                "{name}{name:이/가} 샌드박스로 보내지면서 {shown}의 코드도 보냅니다. 학생의 코드가 이를 읽을 수 있으니 "
                "부르지 않게 고치세요."
            )
            text = fill(message, name=name, shown=", ".join(shown))
            yield Finding("stand-in-shown", text, "probes.py", node.lineno)


def _stays(probes: ProbeFile, names: list[str]) -> Iterator[Finding]:
    line = probes.stays_line
    if line and not probes.stays:
        message = "{stays}에는 함수의 이름과 이유를 적습니다: {stays} = {{'train': 'opt는 함수이다'}}"
        yield Finding("suite-stand-in", message.format(stays=STAYS), "probes.py", line)
    for name, reason in probes.stays.items():
        if name not in names:
            message = "{stays}에 적은 함수의 {stand_in}{stand_in:이/가} probes.py에 없습니다.{hint}"
            text = fill(message, stays=STAYS, stand_in=STAND_IN + name, hint=did_you_mean(name, names))
            yield Finding("suite-stand-in", text, "probes.py", line)
        elif not reason.strip():
            message = "{stays}의 {name}에 샌드박스에서 실행해야 하는 이유가 없습니다."
            yield Finding("suite-stand-in", fill(message, stays=STAYS, name=name), "probes.py", line)


def _given(probes: ProbeFile, name: str) -> Iterator[Finding]:
    """Find what a stand-in that is computed elsewhere cannot be given: functions, modules, the student's names."""
    node = probes.definitions[STAND_IN + name]
    if probes.student_names(STAND_IN + name):
        message = "{stand_in}{stand_in:은/는} 학생의 함수가 없는 곳에서 계산되므로 student를 쓸 수 없습니다."
        yield Finding("stand-in-lent", fill(message, stand_in=STAND_IN + name), "probes.py", node.lineno)
    given = {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
    used = sorted({word for inner in ast.walk(node) if (word := _use(inner)) in given})
    if used:
        message = (
            "{stand_in}{stand_in:은/는} {used}{used:으로/로} 함수나 모듈을 받습니다. 이런 값은 보낼 수 없으니 "
            "probes.py의 {stays}에 '{name}'{name:을/를} 이유와 함께 적으세요."
        )
        words = {"stand_in": STAND_IN + name, "used": ", ".join(used), "stays": STAYS, "name": name}
        yield Finding("stand-in-lent", fill(message, **words), "probes.py", node.lineno)


def _use(node: ast.AST) -> str:
    """Return the name that a node calls, or uses as a module, or ""."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript) and isinstance(node.func.value, ast.Name):
        return node.func.value.id
    if isinstance(node, ast.Attribute) and node.attr in _OF_MODULES and isinstance(node.value, ast.Name):
        return node.value.id
    return ""
