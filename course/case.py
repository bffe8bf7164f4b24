"""The case of a failed public check, kept in the notebook: what a function was given, what it gave, what was expected.

A check calls the student's functions through `Recorder`, which copies the arguments before each call. After a failure
`check.case` holds the call that the finding is about, so that a student can look at it in a cell of their own.
"""

from __future__ import annotations

import copy
import functools
import html
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from course.compare import CheckError

__all__ = ["Case", "Recorder"]

_CALLS = 64
"""Calls kept of one test case: the finding is about one of the last."""

_NUMBERS = 1_000_000
"""Elements of tensors and arrays copied for one call; what is larger is kept as it is, without a copy."""

_SHOWN = 300


@dataclass(slots=True)
class _Call:
    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    value: Any = None


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """What a failed check was about.

    Args:
        question: its question, ``"q1"``.
        title: Korean name of the test case.
        name: name of the student's function, "" where none was called.
        args: positional arguments as they were before the call.
        kwargs: arguments by name as they were before the call.
        value: the student's value: what was compared, else what the function returned; None if it raised.
        expected: what the value was compared with; None where a property was asked for and not a value.
    """

    question: str
    title: str
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    value: Any
    expected: Any
    _function: Callable[..., Any] | None = None

    def again(self) -> Any:
        """Call the function once more with copies of the arguments and return what it returns.

        Raises:
            RuntimeError: the check called no function.
            Exception: whatever the function raises.
        """
        if self._function is None:
            raise RuntimeError("이 점검은 함수를 부르기 전에 멈추었습니다.")
        return self._function(*_copied(self.args), **_copied(dict(self.kwargs)))

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {text}" for name, text in self._rows())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(name)}</th>"
            f"<td style='text-align:left'><pre style='margin:0'>{html.escape(text)}</pre></td></tr>"
            for name, text in self._rows()
        )
        return f"<table lang='ko'>{rows}</table>"

    def _rows(self) -> list[tuple[str, str]]:
        rows = [("점검", f"{self.question}: {self.title}")]
        if self._function is not None:
            rows.append(("함수", self.name))
            rows += [(f"args[{place}]", _shown(value)) for place, value in enumerate(self.args)]
            rows += [(f"kwargs['{name}']", _shown(value)) for name, value in self.kwargs.items()]
        rows.append(("value", _shown(self.value)))
        if self.expected is not None:
            rows.append(("expected", _shown(self.expected)))
        return rows


class Recorder:
    """Wraps a student's functions and keeps the latest calls that a test case makes."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._inside = False

    def wrapped(self, name: str, function: Any) -> Any:
        """Return a function that records its calls; anything that is no plain function as it is."""
        if not isinstance(function, types.FunctionType):
            return function

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._inside:  # called by another of the student's functions: not the check's own call
                return function(*args, **kwargs)
            kept = _Call(name, function, _copied(args), _copied(kwargs))
            self._calls[:] = [*self._calls[1 - _CALLS :], kept]
            self._inside = True
            try:
                kept.value = function(*args, **kwargs)
            finally:
                self._inside = False
            return kept.value

        return call

    @property
    def called(self) -> bool:
        """Whether the test case has called any of them."""
        return bool(self._calls)

    def case(self, question: str, title: str, problem: CheckError) -> Case:
        """Return the case of a finding: the call whose result was compared, else the latest."""
        about = next((c for c in reversed(self._calls) if _holds(c.value, problem.value)), None)
        call = about or (self._calls[-1] if self._calls else None)
        if call is None:
            return Case(question, title, "", (), {}, problem.value, problem.expected)
        value = call.value if problem.value is None else problem.value
        return Case(question, title, call.name, call.args, call.kwargs, value, problem.expected, call.function)


def _holds(result: Any, value: Any, depth: int = 4) -> bool:
    """Return whether a compared value is a function's result, or lies in it."""
    if value is None or result is None:
        return False
    if result is value or _storage(result) == _storage(value) is not None:
        return True
    if depth and isinstance(result, list | tuple | dict):
        parts = result.values() if isinstance(result, dict) else result
        return any(_holds(part, value, depth - 1) for part in list(parts)[:1000])
    return False


def _storage(value: Any) -> Any:
    try:
        return (value.data_ptr(), tuple(value.shape)) if value.numel() else None
    except Exception:  # no tensor, or a student's own class
        return None


def _copied(value: Any) -> Any:
    """Return a copy of arguments; what cannot be copied, or is too large, is kept as it is."""
    budget = [_NUMBERS]

    def copied(part: Any, depth: int = 6) -> Any:
        if isinstance(part, tuple) and type(part) is tuple and depth:
            return tuple(copied(item, depth - 1) for item in part)
        if type(part) is list and depth:
            return [copied(item, depth - 1) for item in part]
        if type(part) is dict and depth:
            return {key: copied(item, depth - 1) for key, item in part.items()}
        size = _size(part)
        if size > budget[0]:
            return part
        budget[0] -= size
        try:
            if callable(part) and not hasattr(part, "state_dict"):
                return part
            if hasattr(part, "detach") and hasattr(part, "requires_grad_"):
                return part.detach().clone().requires_grad_(part.requires_grad)
            if hasattr(part, "clone_state"):
                return part.clone_state()  # torch.Generator
            return copy.deepcopy(part)
        except Exception:  # a student's own class may refuse; the case is an aid, never a reason to stop
            return part

    return copied(value)


def _size(value: Any) -> int:
    try:
        if hasattr(value, "numel"):
            return int(value.numel())
        if hasattr(value, "parameters") and hasattr(value, "state_dict"):
            return sum(int(part.numel()) for part in value.parameters())
        return int(getattr(value, "size", 1))
    except Exception:  # as above
        return 1


def _shown(value: Any) -> str:
    try:
        text, shape = repr(value), getattr(value, "shape", None)
    except Exception as error:  # a student's own class
        text, shape = f"<{type(value).__name__}: {type(error).__name__}>", None
    head = f"shape {tuple(shape)}\n" if isinstance(shape, tuple) and len(shape) else ""
    return head + (text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …")
