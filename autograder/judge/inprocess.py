"""A stand-in for the sandbox that runs everything in this very process. NOT ISOLATED, no timeouts: never for grading.

It exists for people who write a suite (`python -m autograder.judge.local`) and for the judge's own tests. It keeps the
promises that a suite can notice: values cross by copy through the real codec, objects that are not data become
handles, exceptions arrive as `StudentError`, and a branch undoes what it did to the notebook's names.
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch

from autograder.errors import ProtocolError
from autograder.sandbox import (
    Allowance,
    Ask,
    Bound,
    CellResult,
    CodecLimits,
    Handle,
    Meter,
    SandboxDied,
    SandboxTimeout,
    StudentError,
    Watched,
)
from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS, CUSTOM_EXCEPTION
from autograder.sandbox.processes.peer import Lender
from autograder.sandbox.shell.answers import answer
from autograder.sandbox.shell.asks import Asker
from autograder.sandbox.shell.bindings import Bindings
from autograder.sandbox.wire import replies
from autograder.sandbox.wire.codec import decode, encode

__all__ = ["InProcessBranch", "InProcessSandbox"]

_LIMITS = CodecLimits()
_NOTHING_WATCHED = Watched()


class InProcessSandbox:
    """A notebook's namespace in this process, with the sandbox's methods."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.alive = True
        self._bindings = Bindings(self.namespace)
        self._count = 0

    def run_cell(
        self, source: str, *, index: int, allowance: Allowance, watched: Watched = _NOTHING_WATCHED
    ) -> CellResult:
        """Execute one cell; its printed text becomes its output."""
        del allowance
        if not self.alive:
            return CellResult(status="skipped")
        self._count += 1
        text = io.StringIO()
        status, ename, line = "ok", "", 0
        self._bindings.begin(index, f"<cell {index}>", watched.names, watched.stubs)
        try:
            with contextlib.redirect_stdout(text):
                code = compile(source, f"<cell {index}>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                exec(code, self.namespace)  # noqa: S102
        except (ProtocolError, SandboxDied, SandboxTimeout):
            raise  # raised on purpose by a test's notebook
        except Exception as error:
            status, ename = "error", type(error).__name__
            line = error.lineno or 0 if isinstance(error, SyntaxError) else _cell_and_line(error)[1]
        finally:
            self._bindings.end(watched.answers)
        stream = {"output_type": "stream", "name": "stdout", "text": text.getvalue()}
        outputs = [stream] if text.getvalue() else []
        return CellResult(outputs=outputs, status=status, ename=ename, line=line, execution_count=self._count)

    def defined(self, names: Sequence[str]) -> set[str]:
        """Return which of the names are callable here."""
        return {name for name in names if callable(self.namespace.get(name))}

    def miss(self, ename: str, text: str) -> None:
        """Do nothing: all cells have run."""

    def is_defined(self, name: str) -> bool:
        """Return whether one name is callable here."""
        return bool(self.defined([name]))

    def put_back(self, names: Sequence[str], answers: Sequence[str], shadowable: Sequence[str], cells: int) -> Bound:
        """Bind watched names again; see `Sandbox.put_back`."""
        return replies.bound(self._bindings.put_back(), list(names), list(answers), list(shadowable), cells)

    def checkpoint(self) -> None:
        """Keep nothing: there is one process."""

    def rewind(self) -> bool:
        """Say that nothing was kept."""
        return False

    def calm(self) -> None:
        """Stop nothing."""

    def settle(self) -> None:
        """Change nothing."""

    def begin_question(self) -> None:
        """Leave the working folder as it is."""

    def branch(self) -> InProcessBranch:
        """Return a branch that works on the same namespace and restores its names when closed."""
        return InProcessBranch(self.namespace, self._bindings)

    def direct(self) -> InProcessBranch:
        """Return a view of the same namespace."""
        return self.branch()

    def helper(self, look: Callable[[], None]) -> InProcessBranch:
        """Return a branch of nothing, to compute stand-ins."""
        del look
        return InProcessBranch({"__name__": "__main__"})


class InProcessBranch:
    """Calls into the namespace, values by copy."""

    def __init__(self, namespace: dict[str, Any], bindings: Bindings | None = None) -> None:
        self._namespace = namespace
        self._bindings = bindings or Bindings(namespace)
        self._before = dict(namespace)
        self._objects: list[Any] = []
        self._installed: dict[str, Any] = {}
        self.meter = Meter()

    def seed(self, value: int) -> None:
        """Leave the random states alone: they are the tests' own, too."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, allowance: Allowance) -> Any:
        """Call a global of the notebook."""
        del allowance
        return self._invoke(lambda: self._namespace[name], args, kwargs)

    def call_method(
        self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, allowance: Allowance
    ) -> Any:
        """Call an object kept earlier, or a method of it."""
        del allowance
        kept = self._objects[handle.id]
        return self._invoke(lambda: getattr(kept, method) if method else kept, args, kwargs)

    def probe(
        self, source: str, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, allowance: Allowance
    ) -> Any:
        """Run a probe's source next to the notebook and call it."""
        del allowance
        return self._invoke(lambda: _define(source, self._scope())[name], args, kwargs)

    def install(self, source: str, names: Iterable[str]) -> None:
        """Put functions of `source` in place of the notebook's."""

        def put() -> None:
            scope = _define(source, self._scope())
            self._installed.update({name: scope[name] for name in names})

        self._invoke(lambda: put, (), {})

    def lend(self, names: Iterable[str], lender: Lender) -> None:
        """Put functions that ask the lender in place of the notebook's."""

        def send(name: str, data: Any) -> dict[str, Any]:
            return cast(dict[str, Any], self._copy(lender(Ask(name, self._copy(data, outward=True)))))

        asker = Asker(send)
        self._installed.update({name: asker.stub(name) for name in names})

    def answer(self, name: str, data: Any, *, allowance: Allowance) -> Any:
        """Call a function as the data of an ask says."""
        del allowance
        return self._invoke(lambda: lambda: answer(self._installed[name], data), (), {})

    def look(self) -> None:
        """Watch nothing."""

    def recall(self, answer: str) -> None:
        """Bind the names as they were when the cell with this answer had run."""
        self._bindings.recall(answer)

    def close(self) -> None:
        """Put the notebook's names back."""
        self._namespace.clear()
        self._namespace.update(self._before)

    def _scope(self) -> dict[str, Any]:
        view = types.SimpleNamespace(**{k: v for k, v in self._namespace.items() if k.isidentifier()})
        return {"__name__": "probes", "student": view, "torch": torch, "np": np, "math": math}

    def _invoke(self, find: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        inside_args, inside_kwargs = self._copy(args), self._copy(dict(kwargs))
        placed = dict(self._installed)
        own = {name: self._namespace[name] for name in placed if name in self._namespace}
        self._namespace.update(placed)  # for this call only: two branches of a question may be open
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                answer = find()(*inside_args, **inside_kwargs)
        except (ProtocolError, SandboxDied, SandboxTimeout):
            raise  # raised on purpose by a test's notebook
        except Exception as error:
            cell, line = _cell_and_line(error)
            name = type(error).__name__
            shown = name if name in BUILTIN_EXCEPTIONS else CUSTOM_EXCEPTION
            raise StudentError(shown, line, cell, f"{name}: {error}") from None
        finally:
            for name in placed:
                self._namespace.pop(name, None)
            self._namespace.update(own)
        return self._copy(answer, self._put, outward=True)

    def _put(self, value: Any) -> Handle:
        self._objects.append(value)
        return Handle(len(self._objects) - 1, type(value).__name__)

    def _copy(self, value: Any, put: Any = None, *, outward: bool = False) -> Any:
        frame = encode(value, put)
        buffers = [bytearray(buffer) for buffer in frame.buffers]
        get_handle = None if outward else lambda handle: self._objects[handle.id]
        return decode(frame.header, buffers, limits=_LIMITS, get_handle=get_handle)


def _define(source: str, scope: dict[str, Any]) -> dict[str, Any]:
    exec(compile(source, "<probe>", "exec"), scope)  # noqa: S102
    return scope


def _cell_and_line(error: BaseException) -> tuple[int | None, int]:
    """Return the innermost cell and line an exception passed through."""
    found: tuple[int | None, int] = (None, 0)
    tb = error.__traceback__
    while tb is not None:
        name = tb.tb_frame.f_code.co_filename
        if name.startswith("<cell "):
            found = (int(name[6:-1]), tb.tb_lineno)
        tb = tb.tb_next
    return found
