"""Stand-ins that are not in the student's sandbox: a helper of their own answers what a branch asks.

A stand-in is the solution of an earlier question, and student code can read whatever is in its process. So its source
goes into a helper: a sandbox that holds no student code, for the tests of one question and one set of stand-ins. What
student code sends there is plain data, and so is the answer. The judge passes both on and computes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from autograder.errors import InfrastructureError, ProtocolError
from autograder.judge.budget import Purse
from autograder.sandbox import Allowance, Ask, Meter, SandboxDied, SandboxTimeout, StudentError

__all__ = ["Helper", "StandIns"]

_MOST_HELPERS = 4
"""Helpers for one branch: what ends one after the other is the arguments' doing, and each costs 10 ms."""


class Helper(Protocol):
    """What is used of a branch that answers."""

    def install(self, source: str, names: list[str]) -> None: ...  # noqa: D102
    def answer(self, name: str, data: Any, *, allowance: Allowance) -> Any: ...  # noqa: D102
    @property
    def meter(self) -> Meter: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class StandIns:
    """Answers the asks of one branch. Close it to end its helper.

    Args:
        start: starts a helper without anything in it.
        source: defines the stand-ins under the students' names.
        names: those that may be asked for.
        purse: what the question's asks may use.

    Raises:
        StudentError: the source cannot be run.
    """

    def __init__(self, start: Callable[[], Helper], source: str, names: tuple[str, ...], purse: Purse) -> None:
        self._start = start
        self._source = source
        self._names = names
        self._purse = purse
        self._started = 0
        self._helper: Helper | None = self._fresh()

    def __call__(self, ask: Ask) -> dict[str, Any]:
        """Return ``{"value": ...}`` or ``{"etype": ...}``, the kind of exception that the asker's code gets.

        Raises:
            ProtocolError: nobody was given this name.
            InfrastructureError: the machinery failed; ours.
        """
        if ask.name not in self._names:
            message = "실행 환경이 빌리지 않은 함수를 불렀습니다."
            raise ProtocolError("reply-malformed", message, detail=f"asks for {ask.name[:40]!r}")
        allowance = self._purse.allowance(ask.size)
        helper = None if allowance is None else self._ready()
        if helper is None or allowance is None:
            return {"etype": "TimeoutError"}

        began = time.thread_time()
        try:
            return {"value": helper.answer(ask.name, ask.data, allowance=allowance)}
        except StudentError as error:
            return {"etype": error.etype}
        except (SandboxDied, SandboxTimeout, ProtocolError) as error:
            self.close()
            memory = isinstance(error, SandboxDied) and error.reason == "memory"
            return {"etype": "MemoryError" if memory else "RuntimeError"}
        finally:
            self._purse.charge(helper.meter, time.thread_time() - began + ask.seconds)

    def close(self) -> None:
        """End the helper."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()

    def _ready(self) -> Helper | None:
        """Return the helper, a new one where an ask has ended it, or None where too many have ended."""
        if self._helper is None and self._started < _MOST_HELPERS:
            try:
                self._helper = self._fresh()
            except StudentError as error:
                raise _lost(error.detail) from error  # it could be run the first time
        return self._helper

    def _fresh(self) -> Helper:
        self._started += 1
        helper = self._start()
        try:
            helper.install(self._source, list(self._names))
        except (SandboxDied, ProtocolError) as error:  # nothing of a student's was there yet
            helper.close()
            raise _lost(error.detail) from error
        except BaseException:
            helper.close()
            raise
        return helper


def _lost(detail: str) -> InfrastructureError:
    message = "앞 문항의 함수를 대신할 실행 환경을 만들지 못했습니다. 다시 시도합니다."
    return InfrastructureError("sandbox-lost", message, detail=detail)
