"""The judge's wait loop: while it waits for a sandbox it answers forks, drains output and watches memory and scratch.

Owns everything the trusted side does while student code runs. `Guard` belongs to one sandbox; `Line` is one connection
to one of its processes, and gives the codec a socket that never blocks without the guard on watch.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from autograder.errors import ProtocolError
from autograder.model import Limits
from autograder.sandbox.confinement import policy, seccomp
from autograder.sandbox.confinement.groups import Group
from autograder.sandbox.outcomes import Meter
from autograder.sandbox.processes import procfs, scratch
from autograder.sandbox.processes.meter import TICK_SECONDS, Watch
from autograder.sandbox.wire import codec
from autograder.sandbox.wire.frames import CodecLimits

__all__ = ["Guard", "Line", "Member", "Role"]

_CHUNK = 1 << 16
_CHUNKS_AT_ONCE = 32
_OWN_FRAME = re.compile(rf'^  File "{re.escape(str(Path(__file__).resolve().parents[2]))}/[^\n]*\n?', re.MULTILINE)
"""A line of `faulthandler`, which writes a whole stack past everything that could leave the grader's part out."""


class Role(StrEnum):
    """What a process of a sandbox is there for."""

    HOST = "host"
    """Runs the cells; afterwards the keeper that branches are forked from."""
    COPY = "copy"
    """The host as it was after an earlier cell; idle until the host is lost."""
    BRANCH = "branch"
    """Answers one question's tests."""


@dataclass(eq=False, slots=True)
class Member:
    """One process of a sandbox, verified to belong to it. `shared` is memory it was born with.

    `excess` is the limit it exceeded, ``"memory"`` or ``"scratch"``, for which it was killed.
    """

    pid: int
    pidfd: int
    shared: int
    role: Role
    excess: str = ""

    @property
    def private(self) -> int:
        """Bytes of memory beyond what it was born with, pages it changed in place not counted."""
        return max(0, procfs.anonymous_bytes(self.pid) - self.shared)

    def kill(self, excess: str = "") -> None:
        """Send SIGKILL, for the limit exceeded, if any."""
        self.excess = self.excess or excess
        procfs.send(self.pidfd, signal.SIGKILL)


@dataclass(slots=True)
class Guard:
    """Watches one sandbox.

    Args:
        limits: the submission's limits.
        folder: its scratch folder.
        output: read end of the pipe its descriptors 1 and 2 write to, non-blocking.
        listener: of its system call filter, or None.
        members: its processes, the oldest first.
        shared: count shared memory too: on a GPU no limit of address space stands for it.
        group: its control group, or None.
        alive: called at each look.
    """

    limits: Limits
    folder: str
    output: int
    listener: int | None
    members: list[Member]
    shared: bool = False
    group: Group | None = None
    alive: Callable[[], None] = lambda: None
    too_much: bool = False
    """Its processes together held more than the machine should lend: all were killed, and no single one is to blame."""
    may_fork: tuple[int, bool] | None = None
    """The one fork that may be made: by this thread, and whether the child is to be its sibling."""
    settled: bool = False
    """Whether the host is the keeper, which writes no files: what an ended branch left is not its fault."""
    base: scratch.Usage = field(default_factory=lambda: scratch.Usage(0, 0))
    """What the folder held when the question began."""
    meter: Meter = field(default_factory=Meter)
    """Where the seconds of all requests so far went."""
    _restricted: set[int] = field(default_factory=set)
    """Processes that have enforced their layer of Landlock."""
    _ended_for_memory: int = 0
    peak: int = 0
    used: scratch.Usage = field(default_factory=lambda: scratch.Usage(0, 0))
    _text: bytearray = field(default_factory=bytearray)
    _dropped: int = 0
    _next_look: float = field(default_factory=lambda: time.monotonic() + TICK_SECONDS)

    def wait(self, descriptor: int, event: int, watch: Watch) -> None:
        """Return when the descriptor is ready.

        Raises:
            TimeoutError: one of the watch's clocks ran out.
        """
        poll = select.poll()
        poll.register(descriptor, event)
        poll.register(self.output, select.POLLIN)
        if self.listener is not None:
            poll.register(self.listener, select.POLLIN)
        while True:
            now = time.monotonic()
            if now >= self._next_look:
                self.look()
                self._next_look = time.monotonic() + TICK_SECONDS
            if now >= watch.due:
                watch.look()
                if watch.over():
                    raise TimeoutError(f"no {watch.over()} seconds are left")
            ready = dict(poll.poll(max(0.0, min(watch.due, self._next_look) - time.monotonic()) * 1000 + 1))
            if self.listener is not None and self.listener in ready:
                if ready[self.listener] & select.POLLIN:
                    self._answer(self.listener)
                else:  # nobody under the filter is left
                    poll.unregister(self.listener)
            if self.output in ready:
                self.drain()
                if not ready[self.output] & select.POLLIN:
                    poll.unregister(self.output)
            if descriptor in ready:
                return

    def look(self) -> None:
        """Compare memory and scratch with the limits; what exceeds one is killed, and nothing else."""
        self.alive()
        privates = {member: self._private(member) for member in self.members}
        total = sum(privates.values())
        self.peak = max(self.peak, total)
        for member, private in privates.items():
            if private > self.limits.memory_mb << 20:
                member.kill("memory")
        if total > policy.MOST_TOGETHER * self.limits.memory_mb << 20:
            self.too_much = True
            self.kill_all()
        self._look_at_files()

    def kill_all(self) -> None:
        """Send SIGKILL to every process of the sandbox, the newest first."""
        for member in reversed(self.members):
            member.kill()

    def _private(self, member: Member) -> int:
        return member.private + (procfs.shared_bytes(member.pid) if self.shared else 0)

    def _look_at_files(self) -> None:
        """Whoever is at work answers for what the folder holds beyond its base, and for deleted files it holds open."""
        branches = [member for member in self.members if member.role is Role.BRANCH]
        hosts = [] if self.settled else [member for member in self.members if member.role is Role.HOST]
        at_work = branches or hosts
        self.used = scratch.measure(self.folder, self.limits.scratch_files + self.base.files + 1)
        stored = self.used.bytes - self.base.bytes + sum(scratch.unlinked_bytes(member.pid) for member in at_work)
        files = self.used.files - self.base.files
        if stored > self.limits.scratch_mb << 20 or files > self.limits.scratch_files or self.used.too_deep:
            for member in at_work:
                member.kill("scratch")

    def was_full(self) -> bool:
        """Whether the kernel has killed a process because the sandbox's group was full, since this was last asked."""
        before = self._ended_for_memory
        if self.group is not None:
            self._ended_for_memory = self.group.ended_for_memory()
        return self._ended_for_memory > before

    def drop(self, member: Member) -> None:
        """Know a process no more that has ended or been given up. May be repeated."""
        if member in self.members:
            self.members.remove(member)
            self._restricted.discard(member.pid)
            os.close(member.pidfd)

    def drain(self) -> None:
        """Read what the pipe holds; keep `Limits.output_kb` of it and count the rest."""
        room = self.limits.output_kb << 10
        for _ in range(_CHUNKS_AT_ONCE):
            try:
                chunk = os.read(self.output, _CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                return
            kept = chunk[: max(0, room - len(self._text))]
            self._text += kept
            self._dropped += len(chunk) - len(kept)

    def take_output(self) -> str:
        """Return what was written to the descriptors since the last time, with a note if some was dropped."""
        self.drain()
        text = _OWN_FRAME.sub("", self._text.decode("utf-8", errors="replace"))
        if self._dropped:
            text += f"\n[출력이 너무 많아 {self._dropped:,}바이트를 버렸습니다.]\n"
        self._text.clear()
        self._dropped = 0
        return text

    def close(self) -> None:
        """Close every descriptor. May be repeated."""
        for descriptor in (self.output, self.listener):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)
        self.output, self.listener = -1, None
        for member in self.members:
            os.close(member.pidfd)
        self.members.clear()

    def _answer(self, listener: int) -> None:
        """Let the fork through that was asked for, and a new branch's layer of Landlock; refuse every other."""
        notice = seccomp.receive(listener)
        if notice is None:
            return
        if notice.is_restriction:
            allow = self._may_restrict(notice.thread)
            if seccomp.answer(listener, notice, allow=allow) and allow:
                self._restricted.add(notice.thread)
            return
        allow = False
        if self.may_fork is not None:
            thread, sibling = self.may_fork
            allow = notice.thread == thread and (notice.is_sibling if sibling else notice.is_plain_fork)
        if seccomp.answer(listener, notice, allow=allow) and allow:
            self.may_fork = None

    def _may_restrict(self, thread: int) -> bool:
        """Whether this is a branch that becomes one: a process whose first thread has not done so yet.

        It may not be known yet, since its answer can come before that of the process it was forked from. No other
        process can be unknown: each fork is let through here.
        """
        known = any(member.pid == thread and member.role is not Role.BRANCH for member in self.members)
        return not known and thread not in self._restricted and procfs.leads(thread)


class Line:
    """A connection to one member. `codec.send` and `codec.recv` take it for a socket.

    Args:
        sock: non-blocking use only.
        guard: the sandbox's.
        limits: caps on what is received.
    """

    def __init__(self, sock: socket.socket, guard: Guard, limits: CodecLimits) -> None:
        self.sock = sock
        self.guard = guard
        self.limits = limits
        self.received = 0
        """Bytes of the last frame that came."""
        self.reading = 0.0
        """CPU seconds that decoding it took."""
        self._watch: Watch
        self._extend: Callable[[Watch], bool] | None = None

    def request(
        self,
        value: object,
        watch: Watch,
        *,
        extend: Callable[[Watch], bool] | None = None,
        attach: Sequence[int] = (),
    ) -> Any:
        """Send a value and return the decoded reply.

        Args:
            value: for the codec.
            watch: counts the request's seconds.
            attach: descriptors to pass along, with one byte after the frame.
            extend: called once when a clock runs out; returns whether it has given more.

        Raises:
            TimeoutError: a clock of the watch ran out; the stream is out of step.
            EOFError: the process is gone or closed the connection.
            ProtocolError: malformed or over a limit; or something lay in the socket that nobody asked for.
            TypeError: `value` cannot be sent.
        """
        self._watch, self._extend = watch, extend
        self.send(value)
        if attach:
            socket.send_fds(cast(socket.socket, self), [b"\0"], list(attach))
        return self.receive()

    def send(self, value: object) -> None:
        """Send a value in the course of a request; raises as `request`."""
        frame = codec.encode(value)
        self._refuse_unasked()
        codec.send(cast(socket.socket, self), frame)

    def receive(self) -> Any:
        """Return the next value in the course of a request; raises as `request`."""
        header, buffers = codec.recv(cast(socket.socket, self), limits=self.limits)
        self.received = len(header) + sum(buffer.nbytes for buffer in buffers)
        began = time.thread_time()
        try:
            with self._watch.excused():
                return codec.decode(header, buffers, limits=self.limits)
        finally:
            self.reading = time.thread_time() - began

    def sendmsg(self, *arguments: Any) -> int:
        """As `socket.socket.sendmsg`, on watch while it would block; EOFError if the process is gone."""
        while True:
            try:
                return self.sock.sendmsg(*arguments)
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except (BrokenPipeError, ConnectionResetError) as error:
                raise EOFError("the process is gone") from error

    def recvmsg_into(self, *arguments: Any) -> tuple[int, Any, int, Any]:
        """As `socket.socket.recvmsg_into`, on watch while it would block."""
        while True:
            self._wait(select.POLLIN)
            try:
                return self.sock.recvmsg_into(*arguments)
            except BlockingIOError:
                continue

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self.sock.fileno()

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def _wait(self, event: int) -> None:
        try:
            self.guard.wait(self.sock.fileno(), event, self._watch)
        except TimeoutError:
            extend, self._extend = self._extend, None
            if extend is None or not extend(self._watch):
                raise

    def _refuse_unasked(self) -> None:
        """Raise ProtocolError if there is something to read although nothing was asked; EOF is seen later."""
        try:
            early = self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            return
        if early:
            message = "실행 환경이 묻지 않은 응답을 보냈습니다."
            raise ProtocolError("reply-unasked", message, detail="bytes before the request")
