"""The `student` fixture's object: nothing runs unless called by name, and exceptions arrive as what they were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge import ExpectationFailed, raises
from autograder.judge.student import RemoteObject, Student
from autograder.sandbox import Handle, StudentError
from autograder.sandbox.outcomes import CUSTOM_EXCEPTION


class Recorder:
    """A link that keeps what was asked and gives a prepared answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def _give(self, *asked: Any) -> Any:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._give(name, args, kwargs)

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._give(handle, method, args, kwargs)

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._give("probe", name, args, kwargs)


def test_a_handle_comes_back_as_an_object_that_can_be_sent_again() -> None:
    link = Recorder({"net": [Handle(7, "Net")]})
    net = Student(link).build(1, depth=2)["net"][0]
    assert type(net) is RemoteObject
    net.forward({"x": (net,)})
    net(3)
    assert link.asked == [
        ("build", (1,), {"depth": 2}),
        (Handle(7, "Net"), "forward", ({"x": (Handle(7, "Net"),)},), {}),
        (Handle(7, "Net"), "", (3,), {}),
    ]


def test_nothing_is_asked_of_a_remote_object_implicitly() -> None:
    link = Recorder(None)
    remote = RemoteObject(link, Handle(1, "Cunning"))
    assert bool(remote)
    assert remote != RemoteObject(link, Handle(1, "Cunning"))
    assert "remote" in repr(remote)
    np.asarray(remote, dtype=object)
    for act in (len, iter, float, lambda r: r[0], lambda r: 1 in r, torch.as_tensor, lambda r: r + 1):
        with pytest.raises((TypeError, RuntimeError)):
            act(remote)
    with pytest.raises(AttributeError):
        remote._repr_html_  # noqa: B018
    assert link.asked == []


def test_a_probe_may_take_any_keyword() -> None:
    link = Recorder(1)
    assert Student(link).probe("measure", 2, probe=3, name=4) == 1
    assert link.asked == [("probe", "measure", (2,), {"probe": 3, "name": 4})]


def test_a_builtin_exception_can_be_caught_as_itself() -> None:
    for name, kind in [("ValueError", ValueError), ("KeyError", LookupError), ("OSError", OSError)]:
        with pytest.raises(kind) as caught:
            Student(Recorder(StudentError(name, 3, 1, "text"))).f()
        assert isinstance(caught.value, StudentError)
        assert (caught.value.line, caught.value.cell, caught.value.detail) == (3, 1, "text")
    for name in (CUSTOM_EXCEPTION, "UnicodeDecodeError", "SystemExit", "Exception", "print"):
        with pytest.raises(StudentError) as plain:
            Student(Recorder(StudentError(name))).f()
        assert plain.value.etype == name


def test_raises_accepts_the_exception_or_a_subclass_and_nothing_else() -> None:
    def student(answer: Any) -> Student:
        return Student(Recorder(answer))

    with raises(ValueError):
        student(StudentError("UnicodeDecodeError")).f()
    with (
        pytest.raises(
            ExpectationFailed, match=r"없는 이름에서는 ValueError 예외가 발생해야 합니다\. 다른 예외"
        ) as caught,
        raises(ValueError, "없는 이름", hint="힌트."),
    ):
        student(StudentError("KeyError", detail="secret text")).f()
    assert "secret" not in caught.value.message
    with pytest.raises(ExpectationFailed, match="발생하지 않았습니다"), raises(ValueError):
        student(1).f()
    with pytest.raises(ZeroDivisionError), raises(ValueError):
        1 / 0  # noqa: B018  (the test's own mistake is not the student's exception)
