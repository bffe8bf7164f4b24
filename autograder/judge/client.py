"""The coordinator's end of a judge: hands it jobs, listens for signs of life, replaces it when it dies.

There is no deadline for a job: how long one takes is decided by the student's CPU seconds and by how much of the
machine the sandbox gets, and both are the judge's to count. A judge is given up only when it has been silent for long.

Light on purpose: importing this module imports neither torch nor pytest; the judge is forked from a process that
already holds them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from autograder import code_hash, errors
from autograder.errors import GraderError, InfrastructureError
from autograder.judge import wire
from autograder.sandbox import kernel_calls

if TYPE_CHECKING:
    from autograder.sandbox import ForkServer

__all__ = ["ENTRY", "SILENCE_SECONDS", "Judge"]

ENTRY = "autograder.judge.worker:main"
"""What the fork server is asked to run, by name, because `sandbox` imports nothing of `judge`."""

SILENCE_SECONDS = 900.0
"""After so long without a word a judge is given up. It says that it lives about every 5 s, on a machine thirty times
slower every 150 s. Longer than a judge waits for the fork server, so that what failed is told by its own name."""

_FINAL = {"result", "error"}
"""What ends a job; every other message is a sign of life."""


class Judge:
    """One warm judge process, for one job at a time. It starts at the first job and again after a failure.

    Args:
        server: the fork server the judge, and its sandboxes, are forked from.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server = server
        self._channel: socket.socket | None = None
        self._pid = 0
        self._pidfd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the running judge, 0 while there is none."""
        return self._pid if self._channel is not None else 0

    def grade(
        self,
        job: dict[str, Any],
        *,
        silence: float = SILENCE_SECONDS,
        progress: Callable[[dict[str, Any]], None] | None = None,
        heard: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Grade one job; see the package for the form of jobs and results.

        Args:
            job: JSON types only.
            silence: seconds without a sign of life after which the judge is ended and given up.
            progress: called with each question's id and outcomes (``question``, ``tests``) as it is finished.
            heard: called at each sign of life, some seconds apart; what it raises ends the judge and is passed on.

        Raises:
            InfrastructureError: the judge died (``judge-died``), fell silent (``judge-timeout``) or failed within
                (``judge-failed``): the job may be tried again; the next call starts a fresh judge. ``machine-busy``:
                the machine gave the sandbox too little time; to be tried again later, alone. ``grader-differs``: the
                package's files have changed since this process started; nothing was sent to the judge.
            AssignmentError: the suite itself is at fault; trying again will not help.
            ConfinementError: this machine cannot confine student code.
        """
        try:
            channel = self._start(silence)
            wire.send(channel, {**job, "progress": True} if progress else job, silence=silence)
            while (answer := wire.receive(channel, silence=silence)) is not None and not _FINAL & answer.keys():
                if progress is not None and "progress" in answer:
                    progress(answer["progress"])
                if heard is not None:
                    heard()
        except TimeoutError as error:
            self.close()
            message = "채점 프로세스가 오래 응답하지 않아 중단했습니다. 다시 시도합니다."
            raise InfrastructureError("judge-timeout", message, detail=f"silent for {silence:g} s") from error
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise _died(repr(error)) from error
        except BaseException:
            self.close()  # interrupted between a job and its answer: the channel is of no more use
            raise
        if answer is None:
            self.close()
            raise _died("closed its channel")
        if "error" in answer:
            raise _rebuilt(answer["error"])
        result = answer.get("result")
        if not isinstance(result, dict):
            self.close()
            raise _died("answered without a result")
        return result

    def close(self) -> None:
        """End the judge, and with it every sandbox it holds."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        pidfd, self._pidfd = self._pidfd, -1
        if pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                kernel_calls.signal_pidfd(pidfd, signal.SIGKILL)
            os.close(pidfd)

    def _start(self, silence: float) -> socket.socket:
        """Return the channel of a judge that runs this process's code; its first word says what it runs."""
        if self._channel is None:
            ours, theirs = socket.socketpair()
            try:
                with theirs:
                    self._pid = self._server.spawn_trusted(ENTRY, theirs, {})
                self._pidfd = kernel_calls.open_pidfd(self._pid)
            except BaseException:
                ours.close()
                raise
            self._channel = ours
            word = wire.receive(ours, silence=silence)
            if word is None:
                raise EOFError("closed before its first word")
            if word.get("code") != code_hash.LOADED:
                raise code_hash.grader_differs(str(word.get("code")))
        return self._channel


def _died(detail: str) -> InfrastructureError:
    message = "채점 프로세스가 예기치 않게 끝났습니다. 다시 시도합니다."
    return InfrastructureError("judge-died", message, detail=detail)


def _rebuilt(data: dict[str, str]) -> GraderError:
    """Return the error a judge reported, as the class it had there."""
    kind = getattr(errors, data.get("class", ""), None)
    if not (isinstance(kind, type) and issubclass(kind, GraderError)):
        kind = InfrastructureError
    return kind(data["code"], data["message"], detail=data.get("detail", ""))
