"""One process of a sandbox as the judge talks to it: requests and replies, allowances, and why it ended.

Owns `Peer`, which every request goes through, and `Branch`, through which a question's tests call student code.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from autograder.errors import InfrastructureError, ProtocolError
from autograder.sandbox.outcomes import OUT_OF_MEMORY, Allowance, Ask, Meter, SandboxDied, SandboxTimeout
from autograder.sandbox.processes import procfs
from autograder.sandbox.processes.guard import Line, Member
from autograder.sandbox.processes.meter import Watch
from autograder.sandbox.wire import replies
from autograder.sandbox.wire.frames import Handle

__all__ = ["OWN", "Branch", "Lender", "Peer", "busy", "ends"]

OWN = Allowance(cpu=10.0, asleep=10.0, starved=300.0)
"""For requests that run no student code and take milliseconds. A process that uses this up no longer answers."""

_LONG_SECONDS = 0.02
"""Wall-clock seconds of a request in which a process may have grown beyond a limit: to write or fill so much takes
longer."""

Lender = Callable[[Ask], dict[str, Any]]
"""Answers a process that asks: returns ``{"value": ...}`` or ``{"etype": ...}``, the kind of exception that the asker's
code gets. ProtocolError: nobody may ask so."""

_ENDING = Allowance(cpu=2.0, asleep=1.0, starved=300.0)
"""For a process whose connection is closed to come to its end: one that sleeps meanwhile has only closed it."""


class Peer:
    """One process on the other end of a line."""

    def __init__(self, line: Line, member: Member) -> None:
        self._line = line
        self._member = member
        self._requests = 0
        self._over = ""
        self.meter = Meter()
        """Where the seconds of the last request went."""

    def ask(
        self,
        op: str,
        *,
        allowance: Allowance,
        extend: Callable[[Watch], bool] | None = None,
        attach: Sequence[int] = (),
        lender: Lender | None = None,
        **fields: Any,
    ) -> Any:
        """Ask for something; raises StudentError, SandboxDied, SandboxTimeout, ProtocolError, TypeError.

        Until the process replies it may ask the `lender`, whose time is not charged to it. What the lender raises ends
        the process and is passed on.

        InfrastructureError: the process was killed by somebody outside (``sandbox-lost``), or the machine had too
        little time for it (``machine-busy``).
        """
        self.meter = Meter()
        if self._over:
            raise self._death("exit" if self._over in ("timeout", "closed", "protocol") else self._over)
        self._requests += 1
        request = {"id": self._requests, "op": op, **fields}
        guard = self._line.guard
        started = time.monotonic()
        watch = Watch([member.pid for member in guard.members], allowance)
        try:
            reply = self._line.request(request, watch, extend=extend, attach=attach)
            while lender is not None and (asked := replies.ask_of(reply, self._requests)) is not None:
                reply = self._lent(lender, watch, *asked)
            if time.monotonic() - started > _LONG_SECONDS:
                self._look_once_more()
            return replies.unwrap(reply, self._requests)
        except TimeoutError:
            self.end("timeout")
            clock = watch.over()
            if clock == "starved":
                raise busy(f"{op}: {watch.meter}, wall {time.monotonic() - started:.1f} s") from None
            raise SandboxTimeout(clock, getattr(allowance, clock), watch.meter) from None
        except EOFError:
            reason = self._autopsy()
            self.end(reason)
            raise self._death(reason) from None
        except ProtocolError:
            self.end("protocol")
            raise
        finally:
            self.meter = watch.finish()
            guard.meter += self.meter

    def _lent(self, lender: Lender, watch: Watch, number: int, name: str, data: Any) -> Any:
        """Answer one ask; return what the process says next."""
        ask = Ask(name, data, self._line.received, self._line.reading)
        try:
            with watch.excused():
                answer = {"answer": number, **lender(ask)}
        except BaseException:
            self.end("closed")
            raise
        with watch.excused():
            self._line.send(answer)
        return self._line.receive()

    def ask_own(self, op: str, *, attach: Sequence[int] = (), **fields: Any) -> Any:
        """Ask for something that runs no student code; silence is then a death: SandboxDied (``silent``)."""
        try:
            return self.ask(op, allowance=OWN, attach=attach, **fields)
        except SandboxTimeout as error:
            raise SandboxDied("silent", f"{op}: {error.meter}") from None

    def _look_once_more(self) -> None:
        """Find an excess that came after the last look, before the next request has to answer for it."""
        self._line.guard.look()
        if self._member.excess:
            self.end(self._member.excess)
            raise SandboxDied(self._member.excess)

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
        (out of memory) or from a person.
        """
        member, guard = self._member, self._line.guard
        if not ends(member, _ENDING):
            member.kill()
            return member.excess or "exit"
        if member.excess:
            return member.excess
        if guard.too_much:
            return "lost"
        state = procfs.process_state(member.pid)
        if state is None or state.ended is None:
            return "exit"
        if state.ended.signal == 0:
            return "memory" if state.ended.code == OUT_OF_MEMORY else "exit"
        if state.ended.signal == signal.SIGXCPU:
            return "cpu"
        if state.ended.signal != signal.SIGKILL:
            return "signal"
        if guard.was_full():
            return "memory"
        # Not by the judge: the kernel, for CPU time or memory, or somebody outside.
        if state.cpu_seconds >= guard.limits.process_seconds:
            return "cpu"
        return "memory" if guard.peak > guard.limits.memory_mb << 19 else "lost"


def busy(detail: str) -> InfrastructureError:
    """Return the error that says the machine had too little time for a sandbox: ours, to be tried again."""
    message = "채점 장비가 바빠서 이 제출물에 충분한 시간을 주지 못했습니다. 다시 채점하며, 점수에 불이익은 없습니다."
    return InfrastructureError("machine-busy", message, detail=detail)


def ends(member: Member, allowance: Allowance) -> bool:
    """Wait for a process to end, as long as it is busy ending; returns whether it did."""
    watch = Watch([member.pid], allowance)
    while not procfs.wait_exit(member.pidfd, watch.next_look()):
        watch.look()
        if watch.over():
            return False
    return True


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
        self._seed: int | None = None
        self._lender: Lender | None = None

    @property
    def meter(self) -> Meter:
        """Where the seconds of the last request went."""
        return self._peer.meter

    @property
    def pid(self) -> int:
        """The process id."""
        return self._member.pid

    def seed(self, value: int) -> None:
        """Have random, numpy and torch seeded before the next request."""
        self._seed = value

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(
        self, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, *, allowance: Allowance
    ) -> Any:
        """Call the student's global `name`; what cannot cross by value comes back as a `Handle`."""
        return self._ask("call", allowance, args, kwargs, name=name)

    def call_method(
        self,
        handle: Handle,
        method: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        allowance: Allowance,
    ) -> Any:
        """Call a method of an object that stayed there; ``""`` calls the object itself."""
        return self._ask("call_method", allowance, args, kwargs, handle=handle, method=method)

    def probe(
        self,
        source: str,
        name: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        allowance: Allowance,
    ) -> Any:
        """Run `source` beside the student's code, with `student`, torch, np and math defined, and call its `name`."""
        return self._ask("probe", allowance, args, kwargs, source=source, name=name)

    def install(self, source: str, names: Sequence[str]) -> None:
        """Run `source` there and put these of its names into the student's globals."""
        self._peer.ask_own("install", source=source, names=list(names))

    def lend(self, names: Sequence[str], lender: Lender) -> None:
        """Put functions under these names that ask the lender, and have it answer while calls go on."""
        self._peer.ask_own("lend", names=list(names))
        self._lender = lender

    def answer(self, name: str, data: Any, *, allowance: Allowance) -> Any:
        """Call the global `name` as the data of an ask says, see `autograder.sandbox.shell.answers`."""
        return self._peer.ask("answer", allowance=allowance, name=name, data=data)

    def look(self) -> None:
        """Compare what the sandbox holds with its limits now, where something else is waited for."""
        self._line.guard.look()

    def recall(self, answer: str) -> None:
        """Bind the notebook's names as they were when the cell with this answer had run (see `Watched`)."""
        self._peer.ask_own("recall", answer=answer)

    def close(self) -> None:
        """End the branch; a view made by `Sandbox.direct` leaves the sandbox alone."""
        if self._owned:
            self._peer.end("closed")
            self._line.close()
            guard = self._line.guard
            if self._member in guard.members:
                ends(self._member, _ENDING)
                guard.drop(self._member)

    def _ask(
        self, op: str, allowance: Allowance, args: Sequence[Any], kwargs: Mapping[str, Any] | None, **fields: Any
    ) -> Any:
        if self._seed is not None:
            fields["seed"], self._seed = self._seed, None
        fields |= {"args": list(args), "kwargs": dict(kwargs or {})}
        return self._peer.ask(op, allowance=allowance, lender=self._lender, **fields)
