"""The student's work as a hidden test sees it: functions to call, probes to run, handles of what stayed behind.

Owns the fixture object `Student`, the handle `RemoteObject` and `raises`. It holds no state of a question: a `Link`
does the calls, and keeps the deadlines. Refuses everything implicit: a `RemoteObject` has no length, no iterator, no
truth of its own and compares by identity, so nothing of a student's runs unless a test calls it by name.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

from autograder.judge.expectations import ExpectationFailed
from autograder.sandbox import Handle, StudentError

__all__ = ["Link", "RemoteObject", "Student", "builtin_exception", "raises", "student_error"]


class Link(Protocol):
    """Carries calls to the student's functions; every method may raise what a `Branch` raises."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the student's global `name`."""

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a method of an object that stayed behind; ``""`` calls the object itself."""

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run the function `name` of the suite's ``probes.py`` next to the student's code."""


class Student:
    """The fixture ``student``. ``student.NAME(...)`` calls the student's function NAME; `probe` runs a probe."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: _cross(self._link, self._link.call, name, args, kwargs)

    def probe(self, probe: str, /, *args: Any, **kwargs: Any) -> Any:
        """Run the function `probe` of ``probes.py`` in the sandbox and return its plain data."""
        return _cross(self._link, self._link.probe, probe, args, kwargs)

    def __repr__(self) -> str:
        return "<student>"


class RemoteObject:
    """An object that is not data and stayed in the sandbox: call it, or call its methods by name."""

    __slots__ = ("_handle", "_link")

    def __init__(self, link: Link, handle: Handle) -> None:
        self._link = link
        self._handle = handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself."""
        return self._invoke("", args, kwargs)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._invoke(name, args, kwargs)

    def __repr__(self) -> str:
        return f"<remote object {self._handle.id}>"

    def _invoke(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        link, handle = self._link, self._handle
        return _cross(link, lambda name, a, k: link.call_method(handle, name, a, k), method, args, kwargs)


@contextmanager
def raises(expected: type[Exception], what: str = "", *, hint: str | None = None) -> Iterator[None]:
    """Expect the student's code called in the ``with`` block to raise the built-in exception `expected`.

    Args:
        expected: a built-in exception class; a subclass raised by the student counts too, and for Exception any class.
        what: Korean for the case, to stand before "에서는" (``"알 수 없는 이름"``).
        hint: Korean, what to look at.

    Raises:
        ExpectationFailed: nothing was raised, or something else.
    """
    where = f"{what}에서는 " if what else ""
    symptom = f"{where}{expected.__name__} 예외가 발생해야 합니다."
    try:
        yield
    except StudentError as error:
        actual = builtin_exception(error.etype)
        if expected is not Exception and (actual is None or not issubclass(actual, expected)):
            raise _missing(f"{symptom} 다른 예외가 발생했습니다.", hint, f"{error.etype}: {error.detail}") from error
        return
    raise _missing(f"{symptom} 예외가 발생하지 않았습니다.", hint, "nothing was raised")


def builtin_exception(name: str) -> type[Exception] | None:
    """Return the built-in exception class of this name, or None: a student's own class, or no exception."""
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def student_error(error: StudentError) -> StudentError:
    """Return `error` as one that ``pytest.raises(ValueError)`` also catches, if it was a built-in ValueError."""
    kind = _caught_as(error.etype)
    try:
        return error if kind is None else kind(error.etype, error.line, error.cell, error.detail)
    except TypeError:  # a built-in that insists on arguments of its own (UnicodeDecodeError)
        return error


@cache
def _caught_as(name: str) -> type[StudentError] | None:
    builtin = builtin_exception(name)
    if builtin is None or builtin is Exception:
        return None
    body: dict[str, Any] = {"__init__": StudentError.__init__, "__str__": StudentError.__str__}
    try:
        return type(f"Student{name}", (StudentError, builtin), body)
    except TypeError:  # a built-in whose layout cannot be combined
        return None


def _missing(symptom: str, hint: str | None, detail: str) -> ExpectationFailed:
    return ExpectationFailed(f"{symptom} {hint}" if hint else symptom, detail, hint=hint)


_Remote = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]


def _cross(link: Link, do: _Remote, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Send a call over the boundary: handles for remote objects on the way in, remote objects on the way out."""
    sent = tuple(_lower(arg) for arg in args)
    named = {key: _lower(value) for key, value in kwargs.items()}
    try:
        answer = do(name, sent, named)
    except StudentError as error:
        raise student_error(error) from None
    return _lift(link, answer)


def _lower(value: Any) -> Any:
    kind = type(value)
    if kind is RemoteObject:
        return value._handle
    if kind is list or kind is tuple:
        return kind(_lower(item) for item in value)
    if kind is dict:
        return {key: _lower(item) for key, item in value.items()}
    return value


def _lift(link: Link, value: Any) -> Any:
    kind = type(value)
    if kind is Handle:
        return RemoteObject(link, value)
    if kind is list or kind is tuple:
        return kind(_lift(link, item) for item in value)
    if kind is dict:
        return {_lift(link, key): _lift(link, item) for key, item in value.items()}
    return value
