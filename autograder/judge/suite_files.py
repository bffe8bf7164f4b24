"""A suite's files read without running pytest: what their text shows to be wrong, and what running them once shows.

Owns the findings of one file by itself (`Source`), of ``reference.py`` and of ``probes.py``. What only collecting shows
is in `suite_checks`.
"""

from __future__ import annotations

import ast
import importlib.util
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import torch

from autograder.findings import Finding
from autograder.korean import fill

__all__ = ["Source", "load_reference", "raised", "read_sources", "try_probes"]

_MARKS = {"points", "gpu", "leans_on"}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One test file as text.

    Args:
        path: the file.
        functions: its top-level functions, each with its ``def`` line; of two of one name the last, which holds.
        findings: what the text shows to be wrong.
        fatal: it cannot be parsed, so that nothing else can be said of it.
    """

    path: Path
    functions: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    fatal: bool = False

    @property
    def first_line(self) -> int:
        """The line of the first test, for what is wrong with the tests together."""
        return min((line for name, line in self.functions.items() if name.startswith("test_")), default=1)


def read_sources(files: list[Path]) -> dict[str, Source]:
    """Return each test file by its name."""
    return {path.name: _read(path) for path in files}


def _read(path: Path) -> Source:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        return Source(path, findings=(raised(path.name, path.parent, error),), fatal=True)
    functions = {node.name: node.lineno for node in tree.body if isinstance(node, _Function)}
    return Source(path, functions, tuple(_problems(path.name, tree)))


def _problems(name: str, tree: ast.Module) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            message = "테스트는 클래스 {name} 안이 아니라 파일의 맨 바깥에 함수로 적어야 합니다."
            yield Finding("suite-not-a-test", fill(message, name=node.name), name, node.lineno)
        if not isinstance(node, _Function | ast.ClassDef):
            continue
        if node.name in seen:
            message = (
                "{name}{name:이/가} {first}번째 줄에도 있습니다. 앞의 것은 실행되지 않습니다. 이름을 다르게 지으세요."
            )
            words = {"name": node.name, "first": seen[node.name]}
            yield Finding("suite-twice", fill(message, **words), name, node.lineno)
        seen[node.name] = node.lineno
        if isinstance(node, _Function):
            yield from _problems_of_function(name, node)


def _problems_of_function(name: str, node: _Function) -> Iterator[Finding]:
    marked = _MARKS & {_called(decorator) for decorator in node.decorator_list}
    if not node.name.startswith("test"):
        if marked:
            message = "함수 {name}에 @{mark} 표시가 있지만 이름이 test_로 시작하지 않아 실행되지 않습니다."
            yield Finding("suite-not-a-test", fill(message, name=node.name, mark=min(marked)), name, node.lineno)
        return
    if isinstance(node, ast.AsyncFunctionDef):
        message = "테스트 {name}{name:은/는} async 함수여서 실행되지 않습니다. 보통 함수로 적으세요."
        yield Finding("suite-not-a-test", fill(message, name=node.name), name, node.lineno)
    elif any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in _own_nodes(node)):
        message = "테스트 {name}에 yield가 있어 실행되지 않습니다. 보통 함수로 적으세요."
        yield Finding("suite-not-a-test", fill(message, name=node.name), name, node.lineno)


def _own_nodes(function: _Function) -> Iterator[ast.AST]:
    """Return the nodes of a function without those of functions inside it."""
    queue: list[ast.AST] = list(function.body)
    while queue:
        node = queue.pop()
        yield node
        if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
            queue.extend(ast.iter_child_nodes(node))


def _called(decorator: ast.expr) -> str:
    """Return the last part of a decorator's name: ``points`` for ``@points(3)`` and for ``@pytest.mark.points(3)``."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


# -- what running a file once shows


def raised(name: str, folder: Path, error: BaseException, text: str = "") -> Finding:
    """Return the finding for what importing the file `name` of the suite's folder raised.

    The line is that of a syntax error, or the last one of the traceback that is in the suite's folder.
    """
    where, line = name, 0
    traceback = error.__traceback__
    while traceback is not None:
        at = Path(traceback.tb_frame.f_code.co_filename)
        if at.parent == folder:
            where, line = at.name, traceback.tb_lineno
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and (error.filename is None or Path(error.filename).name in (name, "<unknown>")):
        where, line = name, error.lineno or 1
    kind = type(error).__name__
    if isinstance(error, SyntaxError):
        message = "문법 오류가 있어 불러올 수 없습니다."
    elif isinstance(error, ImportError):
        message = fill("불러올 수 없습니다. 이 import가 실패했습니다: {error}", error=error)
    else:
        message = fill("불러올 수 없습니다. 실행하는 동안 오류가 났습니다: {kind}: {error}", kind=kind, error=error)
    return Finding("suite-import", message[:300], where, line, (text or f"{kind}: {error}")[-1500:])


def load_reference(folder: Path) -> tuple[ModuleType | None, list[Finding]]:
    """Return the suite's ``reference.py`` as a module, or None without one or with the finding that says why."""
    path = folder / "reference.py"
    if not path.is_file():
        return None, []
    spec = importlib.util.spec_from_file_location("reference", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except Exception as error:  # whatever the suite's own code raises, it is the suite's fault
        return None, [raised("reference.py", folder, error)]
    return module, []


def try_probes(folder: Path, text: str) -> list[Finding]:
    """Run the top level of ``probes.py`` once here, or a mistake in it would look like the student's."""
    scope = {"__name__": "probes", "student": SimpleNamespace(), "torch": torch, "np": np, "math": math}
    try:
        exec(compile(text, str(folder / "probes.py"), "exec", dont_inherit=True), scope)  # noqa: S102
    except Exception as error:  # see load_reference
        return [raised("probes.py", folder, error)]
    return []
