"""The judge's wait loop: while it waits for a sandbox it answers forks, drains output and watches memory and scratch.

Owns everything the trusted side does while student code runs. `Guard` belongs to one sandbox; `Line` is one connection
to one of its processes, and gives the codec a socket that never blocks without the guard on watch.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from autograder.errors import ProtocolError
from autograder.model import Limits
from autograder.sandbox.confinement import seccomp
from autograder.sandbox.processes import procfs, scratch
from autograder.sandbox.wire import codec
from autograder.sandbox.wire.frames import CodecLimits

__all__ = ["Guard", "Line", "Member"]

_TICK = 0.25
_CHUNK = 1 << 16
_CHUNKS_AT_ONCE = 32


@dataclass(eq=False, slots=True)
class Member:
    """One process of a sandbox, verified to be the child of its parent. `shared` is memory it was born with."""

    pid: int
    parent: int
    pidfd: int
    shared: int

    @property
    def private(self) -> int:
        """Bytes of memory beyond what it was born with, pages it changed in place not counted."""
        return max(0, procfs.anonymous_bytes(self.pid) - self.shared)

    def kill(self) -> None:
        """Send SIGKILL."""
        procfs.send(self.pidfd, signal.SIGKILL)


@dataclass(slots=True)
class Guard:
    """Watches one sandbox.

    Args:
        limits: the submission's limits.
        folder: its scratch folder.
        output: read end of the pipe its descriptors 1 and 2 write to, non-blocking.
        listener: of its system call filter, or None.
        members: its processes; the template is the first.
        shared: count shared memory too: on a GPU no limit of address space stands for it.
    """

    limits: Limits
    folder: str
    output: int
    listener: int | None
    members: list[Member]
    shared: bool = False
    excess: str = ""
    """The limit that was exceeded: ``"memory"`` or ``"scratch"``; everything is being killed."""
    forks: int = 0
    """How many forks the template's main thread may still make."""
    peak: int = 0
    used: scratch.Usage = field(default_factory=lambda: scratch.Usage(0, 0))
    _text: bytearray = field(default_factory=bytearray)
    _dropped: int = 0
    _next_look: float = field(default_factory=lambda: time.monotonic() + _TICK)

    def wait(self, descriptor: int, event: int, deadline: float | None) -> None:
        """Return when the descriptor is ready.

        Raises:
            TimeoutError: the deadline (`time.monotonic()`) passed.
        """
        poll = select.poll()
        poll.register(descriptor, event)
        poll.register(self.output, select.POLLIN)
        if self.listener is not None:
            poll.register(self.listener, select.POLLIN)
        while True:
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                raise TimeoutError("the deadline passed")
            if now >= self._next_look:
                self.look()
                self._next_look = time.monotonic() + _TICK
            until = self._next_look if deadline is None else min(self._next_look, deadline)
            ready = dict(poll.poll(max(0.0, until - time.monotonic()) * 1000 + 1))
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
        """Compare memory and scratch with the limits, and kill everything if either is exceeded."""
        private = sum(member.private for member in self.members)
        if self.shared:
            private += sum(procfs.shared_bytes(member.pid) for member in self.members)
        self.peak = max(self.peak, private)
        self.used = scratch.measure(self.folder, self.limits.scratch_files + 1)
        stored = self.used.bytes + sum(scratch.unlinked_bytes(member.pid) for member in self.members)
        if private > self.limits.memory_mb << 20:
            self.excess = "memory"
        elif stored > self.limits.scratch_mb << 20 or self.used.files > self.limits.scratch_files or self.used.too_deep:
            self.excess = "scratch"
        if self.excess:
            self.kill_all()

    def kill_all(self) -> None:
        """Send SIGKILL to every process of the sandbox, the template last, so that it cannot react."""
        for member in reversed(self.members):
            member.kill()

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
        text = self._text.decode("utf-8", errors="replace")
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
        """Let the fork through that was asked for, and refuse every other."""
        notice = seccomp.receive(listener)
        if notice is None:
            return
        allow = self.forks > 0 and notice.is_plain_fork and notice.thread == self.members[0].pid
        if seccomp.answer(listener, notice, allow=allow) and allow:
            self.forks -= 1


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
        self._deadline: float | None = None
        self._extend: Callable[[], float] | None = None

    def request(
        self,
        value: object,
        *,
        deadline: float,
        extend: Callable[[], float] | None = None,
        attach: int | None = None,
    ) -> Any:
        """Send a value and return the decoded reply.

        Args:
            value: for the codec.
            deadline: `time.monotonic()` instant.
            attach: descriptor to pass along, with one byte after the frame.
            extend: called once when the deadline passes; returns a later one to wait for instead.

        Raises:
            TimeoutError: neither deadline was kept; the stream is out of step.
            EOFError: the process is gone or closed the connection.
            ProtocolError: malformed or over a limit; or something lay in the socket that nobody asked for.
            TypeError: `value` cannot be sent.
        """
        frame = codec.encode(value)
        self._refuse_unasked()
        self._deadline, self._extend = deadline, extend
        as_socket = cast(socket.socket, self)
        codec.send(as_socket, frame)
        if attach is not None:
            socket.send_fds(as_socket, [b"\0"], [attach])
        header, buffers = codec.recv(as_socket, limits=self.limits)
        return codec.decode(header, buffers, limits=self.limits)

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
            self.guard.wait(self.sock.fileno(), event, self._deadline)
        except TimeoutError:
            if self._extend is None:
                raise
            self._deadline, self._extend = self._extend(), None

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
