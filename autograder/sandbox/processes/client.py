"""The judge's side of a sandbox: spawn one, run cells in it, fork branches of it, end it.

Owns `SandboxControl` and `Sandbox`; `peer` owns the talking. Everything that comes back is checked by the codec and by
`replies`; a process that breaks either is ended.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.errors import InfrastructureError, ProtocolError
from autograder.model import Limits
from autograder.sandbox.confinement import policy
from autograder.sandbox.confinement.groups import Group
from autograder.sandbox.outcomes import (
    Allowance,
    Bound,
    BranchUnavailable,
    CellResult,
    Exit,
    SandboxDied,
    SandboxTimeout,
    StudentError,
    Watched,
)
from autograder.sandbox.processes import procfs, scratch
from autograder.sandbox.processes.control import ask, await_hello
from autograder.sandbox.processes.guard import Guard, Line, Member, Role
from autograder.sandbox.processes.leftovers import Leftovers
from autograder.sandbox.processes.meter import Watch
from autograder.sandbox.processes.peer import OWN, Branch, Peer, ends
from autograder.sandbox.processes.room import Room, Snapshot
from autograder.sandbox.wire import replies
from autograder.sandbox.wire.frames import CodecLimits

__all__ = ["Branch", "Sandbox", "SandboxControl"]

_GRACE = Allowance(cpu=2.0, asleep=20.0, starved=60.0)
"""What a cell gets on top to end after it was interrupted; of sleep, what its limits say."""

_FORK_ATTEMPTS = 3

_NOTHING_WATCHED = Watched()


class SandboxControl:
    """A control connection to the fork server, used by one thread. When it closes, its sandboxes are ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def spawn(
        self,
        *,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        seed: int = 0,
        device: str = "cpu",
        alive: Callable[[], None] = lambda: None,
    ) -> Sandbox:
        """Start a sandbox.

        Args:
            limits: what the submission may use.
            files: relative name -> content, put into its working folder.
            seed: for random, numpy and torch in the sandbox.
            device: ``"cpu"``, ``"cuda:N"`` (that GPU alone) or ``"cuda"``; on a GPU there are no branches.
            alive: called several times a second while the sandbox is waited for.

        Raises:
            ConfinementError: it could not be confined; no student code ran.
            InfrastructureError: the fork server is gone.
        """
        return Sandbox(self, limits=limits, files=files or {}, seed=seed, device=device, alive=alive)

    def ask(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Send one request to the fork server and return its reply; raises as `spawn`."""
        return ask(self._control, message, descriptors)

    def close(self) -> None:
        """Close the connection; the fork server ends every sandbox it started."""
        self._control.close()


class Sandbox:
    """One submission's process, its copies and its branches. A context manager: leaving ends all of them.

    The host runs the cells. `checkpoint` forks a copy of it, which `rewind` puts in its place. After the last cell
    `settle` makes the host quiet: the keeper, from which `branch` forks what answers a question's tests.
    """

    def __init__(
        self,
        control: SandboxControl,
        *,
        limits: Limits,
        files: Mapping[str, bytes],
        seed: int,
        device: str,
        alive: Callable[[], None],
    ) -> None:
        self._control = control
        self._exit: Exit | None
        self._stopped: bool
        self._host: _Process
        self._copy: _Copy | None
        self._left: Leftovers | None
        self._guard: Guard
        self._room: Room
        self._id: int
        self._session: int
        self._server: int
        self._born_with: int
        self.limits = limits
        self._files = dict(files)
        self._seed = seed
        self._device = device
        self._alive = alive
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def run_cell(
        self, source: str, *, index: int, allowance: Allowance, watched: Watched = _NOTHING_WATCHED
    ) -> CellResult:
        """Run a cell; never raises for what student code did. `watched` says which names to remember for `put_back`.

        When a clock of the allowance runs out, the cell is interrupted (KeyboardInterrupt) and given 2 CPU-s more, or
        20 s to wake up, before the process is killed. After a cell that ended the process, further cells are skipped
        until `rewind` or `restart`.

        Raises:
            InfrastructureError: the machine had too little time for it (``machine-busy``).
        """
        if self._stopped:
            return CellResult(status="skipped")
        self._left, self._guard.base = None, scratch.Usage(0, 0)
        self._guard.settled = False
        started = time.monotonic()
        limit = ""

        def interrupt(watch: Watch) -> bool:
            nonlocal limit
            limit = watch.over()
            if limit == "starved":
                return False
            procfs.send(self._host.member.pidfd, signal.SIGINT)
            watch.extend(replace(_GRACE, asleep=self.limits.asleep_seconds))
            return True

        status, reason = "ok", ""
        outcome: dict[str, Any] = {"outputs": [], "ename": "", "line": 0, "execution_count": None}
        peer = self._host.peer
        try:
            asked = {
                "names": list(watched.names),
                "answers": list(watched.answers),
                "stubs": [list(stub) for stub in watched.stubs],
            }
            value = peer.ask("cell", allowance=allowance, extend=interrupt, source=source, index=index, watched=asked)
            outcome = replies.cell_outcome(value, output_bytes=self.limits.output_kb << 10)
            status = "timeout" if limit else outcome["status"]
        except SandboxTimeout:
            status = "timeout"
        except SandboxDied as died:
            reason = died.reason
            status = "memory" if reason == "memory" else "died"
        except (ProtocolError, StudentError) as broken:
            peer.end("protocol")
            status, reason = "died", "protocol"
            self.broken = broken.detail
        self._stopped = status in ("died", "memory") or bool(peer.over)
        text = self._guard.take_output()
        if text:
            outcome["outputs"].append({"output_type": "stream", "name": "stdout", "text": text})
        return CellResult(
            outputs=outcome["outputs"],
            status=status,
            ename=outcome["ename"] if status in ("error", "timeout") else "",
            line=outcome["line"],
            seconds=time.monotonic() - started,
            execution_count=outcome["execution_count"],
            reason=reason,
            limit=limit if status == "timeout" else "",
            meter=peer.meter,
        )

    @property
    def pid(self) -> int:
        """The host's process id."""
        return self._host.member.pid

    @property
    def alive(self) -> bool:
        """Whether the process can still be asked; a cell that was interrupted in time leaves it alive."""
        return not self._host.peer.over and not procfs.wait_exit(self._host.member.pidfd, 0)

    @property
    def confinement(self) -> dict[str, Any]:
        """What confines it, for the record: landlock_abi, seccomp, user_notif, uid_drop, unsafe and more."""
        return dict(self._confinement)

    @property
    def usage(self) -> dict[str, float]:
        """What it uses now: cpu_seconds, private_mb, peak_private_mb, scratch_mb, scratch_files."""
        self._guard.look()
        return {
            "cpu_seconds": procfs.cpu_clock(self.pid) or 0.0,
            "private_mb": sum(member.private for member in self._guard.members) / 2**20,
            "peak_private_mb": self._guard.peak / 2**20,
            "scratch_mb": self._guard.used.bytes / 2**20,
            "scratch_files": float(self._guard.used.files),
        }

    @property
    def forkable(self) -> bool:
        """Whether copies and branches can be forked here."""
        return self._forkable

    def defined(self, names: Sequence[str]) -> set[str]:
        """Return which of these names are defined in the notebook's namespace and callable; raises as `Branch.call`."""
        asked = list(names)
        return replies.names(self._host.peer.ask_own("defined", names=asked), asked)

    def put_back(self, names: Sequence[str], answers: Sequence[str], shadowable: Sequence[str], cells: int) -> Bound:
        """Bind watched names again that were overwritten or deleted; say what is known of them.

        Args:
            names: those that were watched.
            answers: the labels that cells were given.
            shadowable: builtins and modules it may name as shadowed.
            cells: number of cells in the notebook.

        Raises:
            SandboxDied, ProtocolError: the host is no more.
        """
        found = self._host.peer.ask_own("put_back")
        return replies.bound(found, list(names), list(answers), list(shadowable), cells)

    def checkpoint(self) -> None:
        """Keep a copy of the host and of its folder as they are now; the copy kept before is given up.

        The copy has neither the host's threads nor its timers. A host that cannot be copied goes on without.
        """
        if not self._forkable or not self.alive:
            return
        alone = procfs.threads(self.pid) == 1
        try:
            process = self._fork(Role.COPY, sibling=alone)
        except (BranchUnavailable, SandboxDied, ProtocolError):
            return
        snapshot = self._room.keep()
        self._give_up_copy()
        self._copy = _Copy(process, snapshot, sibling=alone)

    def rewind(self) -> bool:
        """Put the copy in the host's place; False if there is none, and `restart` is what is left."""
        copy, self._copy = self._copy, None
        if copy is None or procfs.wait_exit(copy.process.member.pidfd, 0):
            return False
        try:
            self._replace_host(copy.process, sibling=copy.sibling)
        except (SandboxDied, ProtocolError):
            return False
        self._room.restore(copy.snapshot)
        self._room.forget(copy.snapshot)
        self._stopped = False
        return True

    def calm(self) -> None:
        """Leave behind what goes on by itself: timers are stopped, and a host with threads is replaced by a fork of it.

        Raises:
            SandboxDied, ProtocolError: the host is no more.
            BranchUnavailable: it cannot be forked although it should.
        """
        self._host.peer.ask_own("quiet")
        if self._forkable and procfs.threads(self.pid) > 1:
            self._replace_host(self._fork(Role.COPY, sibling=False), sibling=False)

    def settle(self) -> None:
        """After the last cell: become the keeper, and take the folder as it is now for every question's.

        Raises:
            SandboxDied, ProtocolError, BranchUnavailable: as `calm`.
        """
        if self._forkable:
            self.calm()
            self._left = Leftovers(self._room.keep(), procfs.open_files(self.pid))
            self._guard.settled = True

    def begin_question(self) -> None:
        """Give the next branches the folder as the notebook left it. No branch may be open."""
        if self._left is not None:
            self._room.restore(self._left.snapshot)
            self._guard.base = self._left.snapshot.used

    def branch(self) -> Branch:
        """Fork the process as it is now; what happens in the branch leaves it and other branches alone.

        Raises:
            BranchUnavailable: it cannot be forked here; start a fresh sandbox and run the cells again.
            RuntimeError: two branches are open: each may hold as much memory as the notebook.
            SandboxDied, ProtocolError: the process is no more.
        """
        if self._left is None:
            self.settle()
        open_now = sum(member.role is Role.BRANCH for member in self._guard.members)
        if open_now >= policy.MOST_BRANCHES:
            raise RuntimeError(f"{open_now} branches are open")
        process = self._fork(Role.BRANCH, sibling=True)
        return Branch(process.line, process.member, owned=True, peer=process.peer)

    def direct(self) -> Branch:
        """Return a view that calls functions in this process itself, where `branch` is not available.

        What is called changes the notebook's state, and a call that times out ends the sandbox.
        """
        return Branch(self._host.line, self._host.member, owned=False, peer=self._host.peer)

    def restart(self) -> None:
        """End the process and start afresh with the same limits, files and seed; nothing of the notebook remains."""
        self.kill()
        self._start()

    def kill(self) -> Exit:
        """End the process and all that descends from it, wipe its folder, and say how it ended. May be repeated."""
        if self._exit is None:
            reason = "killed" if self.alive else self._host.peer.over or "exit"
            self._host.peer.end("closed")
            self._host.line.close()
            self._give_up_copy()
            meter = self._guard.meter
            self._guard.close()
            reply = self._control.ask({"op": "kill", "id": self._id})
            self._room.close()
            peak = max(reply["peak_bytes"] - self._born_with, self._guard.peak, 0)
            self._exit = Exit(reason, float(reply["cpu_seconds"]), peak / 2**20, meter)
        return self._exit

    def _start(self) -> None:
        self._exit = None
        self._stopped = False
        self._copy = self._left = None
        self.broken = ""
        self._codec_limits = CodecLimits.from_limits(self.limits)
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        output, sink = os.pipe()
        os.set_blocking(output, False)
        order = {"op": "spawn", "limits": self.limits.to_dict(), "seed": self._seed, "device": self._device}
        try:
            reply = self._control.ask(order, [there.fileno(), sink])
        except BaseException:
            here.close()
            os.close(output)
            raise
        finally:
            there.close()
            os.close(sink)
        self._id = int(reply["id"])
        self._confinement = reply["confinement"]
        self._born_with = int(reply["born_with"])
        self._session, self._server = int(reply["pid"]), int(reply["server"])
        self._room = Room(reply["scratch"], self._files, reply["uid"])
        try:
            self._room.furnish()
            listener = await_hello(here, self._session)
            pidfd = procfs.open_pidfd(self._session, {self._server})
            if pidfd is None:
                raise InfrastructureError("sandbox-lost", "실행 환경이 시작하자마자 사라졌습니다.")
        except BaseException:
            here.close()
            os.close(output)
            self._control.ask({"op": "kill", "id": self._id})
            raise
        member = Member(self._session, pidfd, procfs.anonymous_bytes(self._session), Role.HOST)
        on_gpu = self._device != "cpu"
        self._guard = Guard(
            self.limits,
            reply["scratch"],
            output,
            listener,
            [member],
            shared=on_gpu,
            group=Group(Path(reply["group"])) if reply["group"] else None,
            alive=self._alive,
        )
        line = Line(here, self._guard, self._codec_limits)
        self._host = _Process(line, member, Peer(line, member))
        self._forkable = not on_gpu and (listener is not None or not self._confinement["seccomp"])

    def _fork(self, role: Role, *, sibling: bool) -> _Process:
        """Fork the host.

        Args:
            role: of the new process.
            sibling: as the host's sibling, by the system call alone: for a host that is one thread. None of Python's
                hooks runs then, and the host never learns how the new process ends.

        Raises:
            BranchUnavailable, SandboxDied, ProtocolError: see `branch`.
        """
        if not self._forkable:
            raise BranchUnavailable
        for _ in range(_FORK_ATTEMPTS):
            here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            given: list[int] = []
            self._guard.may_fork = (self.pid, sibling)
            try:
                order = self._order(role, given)
                pid = self._host.peer.ask_own(
                    "fork", attach=[there.fileno(), *given], sibling=sibling, parent=self._server, **order
                )
                member = self._new_member(pid, role)
            except StudentError:  # interrupted by a signal in between, or out of memory
                here.close()
                continue
            except BaseException:
                here.close()
                raise
            finally:
                self._guard.may_fork = None
                there.close()
                for descriptor in given:
                    os.close(descriptor)
            line = Line(here, self._guard, self._codec_limits)
            return _Process(line, member, Peer(line, member))
        raise BranchUnavailable

    def _order(self, role: Role, given: list[int]) -> dict[str, Any]:
        """Return what the new process is to do first; descriptors that it needs for that are added to `given`."""
        if role is not Role.BRANCH or self._left is None:
            return {"files": None}
        space = procfs.mapped_bytes(self.pid) + (self.limits.memory_mb << 20)
        return {"files": self._left.reopened(self.pid, self._guard.folder, given), "space": space}

    def _new_member(self, pid: Any, role: Role) -> Member:
        """Return the process a fork made, if it really is a new one of this sandbox."""
        known = {member.pid for member in self._guard.members}
        pidfd = None
        if type(pid) is int and 0 < pid < 2**31 and pid not in known:
            # Whoever is in the session was forked by this sandbox: it can neither leave nor enter one.
            session = self._session if self._confinement["seccomp"] else None
            pidfd = procfs.open_pidfd(pid, {self._server, self.pid}, session)
        if pidfd is None:
            if procfs.wait_exit(self._host.member.pidfd, 0):  # killed after it had answered
                self._host.peer.ask_own("defined", names=[])
            self._host.peer.end("protocol")
            raise replies.wrong("not a branch's pid")
        member = Member(pid, pidfd, procfs.anonymous_bytes(pid), role)
        self._guard.members.append(member)
        return member

    def _replace_host(self, process: _Process, *, sibling: bool) -> None:
        """End the host for good and ask this process from now on; raises SandboxDied, ProtocolError."""
        old, self._host = self._host, process
        old.peer.end("replaced")
        old.line.close()
        self._leave(old.member)
        process.member.role = Role.HOST
        if not sibling:  # its parent was the host, and is the fork server now: its life is tied to that
            process.peer.ask_own("adopted", parent=self._server)

    def _give_up_copy(self) -> None:
        copy, self._copy = self._copy, None
        if copy is not None:
            copy.process.peer.end("closed")
            copy.process.line.close()
            self._leave(copy.process.member)
            self._room.forget(copy.snapshot)

    def _leave(self, member: Member) -> None:
        """Wait for a killed process, which the fork server clears away later, and know it no more."""
        ends(member, OWN)
        self._guard.drop(member)


@dataclass(slots=True)
class _Process:
    """A process of the sandbox and the line to it."""

    line: Line
    member: Member
    peer: Peer


@dataclass(slots=True)
class _Copy:
    """The host as it was, and its folder."""

    process: _Process
    snapshot: Snapshot
    sibling: bool
