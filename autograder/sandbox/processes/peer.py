"""One process of a sandbox as the judge talks to it: requests and replies, deadlines, and why it ended.

Owns `Peer`, which every request goes through, and `Branch`, through which a question's tests call student code.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from autograder.errors import InfrastructureError, ProtocolError
from autograder.sandbox.outcomes import SandboxDied, SandboxTimeout
from autograder.sandbox.processes import procfs
from autograder.sandbox.processes.guard import Line, Member
from autograder.sandbox.wire import replies
from autograder.sandbox.wire.frames import Handle

__all__ = ["SMALL_SECONDS", "Branch", "Peer"]

SMALL_SECONDS = 10.0
"""For requests that run no student code."""


class Peer:
    """One process on the other end of a line."""

    def __init__(self, line: Line, member: Member) -> None:
        self._line = line
        self._member = member
        self._requests = 0
        self._over = ""

    def ask(
        self,
        op: str,
        *,
        timeout: float,
        extend: Callable[[], float] | None = None,
        attach: int | None = None,
        **fields: Any,
    ) -> Any:
        """Ask for something; raises StudentError, SandboxDied, SandboxTimeout, ProtocolError, TypeError.

        InfrastructureError (``sandbox-lost``): the process was killed by somebody outside.
        """
        if self._over:
            raise self._death("exit" if self._over in ("timeout", "closed", "protocol") else self._over)
        self._requests += 1
        request = {"id": self._requests, "op": op, **fields}
        deadline = time.monotonic() + timeout
        try:
            reply = self._line.request(request, deadline=deadline, extend=extend, attach=attach)
            return replies.unwrap(reply, self._requests)
        except TimeoutError:
            self.end("timeout")
            raise SandboxTimeout(timeout) from None
        except EOFError:
            reason = self._autopsy()
            self.end(reason)
            raise self._death(reason) from None
        except ProtocolError:
            self.end("protocol")
            raise

    @property
    def over(self) -> str:
        """Why nothing more can be asked, or ""."""
        return self._over

    def end(self, reason: str) -> None:
        """Kill the process and remember why."""
        if not self._over:
            self._over = reason
            self._member.kill()

    def _death(self, reason: str) -> SandboxDied | InfrastructureError:
        if reason != "lost":
            return SandboxDied(reason)
        message = "실행 환경이 채점기 밖에서 종료되었습니다. 다시 시도합니다."
        return InfrastructureError("sandbox-lost", message, detail=f"process {self._member.pid} was killed")

    def _autopsy(self) -> str:
        """Return why the process ended; one that merely closed its connection is killed for it.

        ``"lost"`` is no fault of the student's: SIGKILL is denied to student code, so that it came from the machine
        (out of memory) or from a person. A branch also gets it when the template ends.
        """
        guard = self._line.guard
        if not procfs.wait_exit(self._member.pidfd, 1.0):
            self._member.kill()
            return guard.excess or "exit"
        if guard.excess:
            return guard.excess
        template = guard.members[0]
        if template is not self._member and procfs.wait_exit(template.pidfd, 0):
            # With the template its branches end, however far they had come.
            return "lost" if self._ending_of(template) == "lost" else "exit"
        return self._ending_of(self._member)

    def _ending_of(self, member: Member) -> str:
        """Return why a process that has ended did, as far as its end tells."""
        limits = self._line.guard.limits
        state = procfs.process_state(member.pid)
        if state is None or state.ended is None or state.ended.signal == 0:
            return "exit"
        if state.ended.signal == signal.SIGXCPU:
            return "cpu"
        if state.ended.signal != signal.SIGKILL:
            return "signal"
        # Not by the judge: the kernel, for CPU time or memory, or somebody outside.
        if state.cpu_seconds >= limits.process_seconds:
            return "cpu"
        return "memory" if self._line.guard.peak > limits.memory_mb << 19 else "lost"


class Branch:
    """A copy of a sandbox to ask things of. A context manager: leaving ends it.

    Every method may raise StudentError, SandboxDied, SandboxTimeout or ProtocolError; after the last three the branch
    is gone. TypeError means that an argument cannot be sent.
    """

    def __init__(self, line: Line, member: Member, *, owned: bool, peer: Peer | None = None) -> None:
        self._line = line
        self._member = member
        self._owned = owned
        self._peer = peer or Peer(line, member)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(
        self, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, *, timeout: float
    ) -> Any:
        """Call the student's global `name`; what cannot cross by value comes back as a `Handle`."""
        return self._ask("call", timeout, args, kwargs, name=name)

    def call_method(
        self,
        handle: Handle,
        method: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        timeout: float,
    ) -> Any:
        """Call a method of an object that stayed there; ``""`` calls the object itself."""
        return self._ask("call_method", timeout, args, kwargs, handle=handle, method=method)

    def probe(
        self,
        source: str,
        name: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        timeout: float,
    ) -> Any:
        """Run `source` beside the student's code, with `student`, torch, np and math defined, and call its `name`."""
        return self._ask("probe", timeout, args, kwargs, source=source, name=name)

    def install(self, source: str, names: Sequence[str]) -> None:
        """Run `source` there and put these of its names into the student's globals."""
        self._peer.ask("install", timeout=SMALL_SECONDS, source=source, names=list(names))

    def close(self) -> None:
        """End the branch; a view made by `Sandbox.direct` leaves the sandbox alone."""
        if self._owned:
            self._peer.end("closed")
            self._line.close()
            members = self._line.guard.members
            if self._member in members:
                procfs.wait_exit(self._member.pidfd, 1.0)
                members.remove(self._member)
                os.close(self._member.pidfd)

    def _ask(
        self, op: str, timeout: float, args: Sequence[Any], kwargs: Mapping[str, Any] | None, **fields: Any
    ) -> Any:
        return self._peer.ask(op, timeout=timeout, args=list(args), kwargs=dict(kwargs or {}), **fields)
