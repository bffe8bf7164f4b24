"""The judge's side of a sandbox: spawn one, run cells in it, fork branches of it, end it.

Owns `SandboxControl` and `Sandbox`; `peer` owns the talking. Everything that comes back is checked by the codec and by
`replies`; a process that breaks either is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from autograder.errors import ConfinementError, InfrastructureError, ProtocolError
from autograder.model import Limits
from autograder.sandbox.confinement import confine
from autograder.sandbox.outcomes import BranchUnavailable, CellResult, Exit, SandboxDied, SandboxTimeout, StudentError
from autograder.sandbox.processes import procfs, scratch
from autograder.sandbox.processes.guard import Guard, Line, Member
from autograder.sandbox.processes.peer import SMALL_SECONDS, Branch, Peer
from autograder.sandbox.wire import replies
from autograder.sandbox.wire.frames import CodecLimits

__all__ = ["Branch", "Sandbox", "SandboxControl"]

_CONTROL_SECONDS = 60.0
_HELLO_SECONDS = 30.0
_GRACE_SECONDS = 2.0
_FORK_ATTEMPTS = 3


class SandboxControl:
    """A control connection to the fork server, used by one thread. When it closes, its sandboxes are ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def spawn(
        self, *, limits: Limits, files: Mapping[str, bytes] | None = None, seed: int = 0, device: str = "cpu"
    ) -> Sandbox:
        """Start a sandbox.

        Args:
            limits: what the submission may use.
            files: relative name -> content, put into its working folder.
            seed: for random, numpy and torch in the sandbox.
            device: ``"cpu"``, ``"cuda:N"`` (that GPU alone) or ``"cuda"``; on a GPU there are no branches.

        Raises:
            ConfinementError: it could not be confined; no student code ran.
            InfrastructureError: the fork server is gone.
        """
        return Sandbox(self, limits=limits, files=files or {}, seed=seed, device=device)

    def ask(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Send one request to the fork server and return its reply; raises as `spawn`."""
        return ask(self._control, message, descriptors)

    def close(self) -> None:
        """Close the connection; the fork server ends every sandbox it started."""
        self._control.close()


class Sandbox:
    """One submission's process. A context manager: leaving ends it and everything that descends from it."""

    def __init__(
        self, control: SandboxControl, *, limits: Limits, files: Mapping[str, bytes], seed: int, device: str
    ) -> None:
        self._control = control
        self._exit: Exit | None
        self._stopped: bool
        self._template: Member
        self._peer: Peer
        self._guard: Guard
        self._line: Line
        self._id: int
        self._born_with: int
        self.limits = limits
        self._files = dict(files)
        self._seed = seed
        self._device = device
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def run_cell(self, source: str, *, index: int, timeout: float) -> CellResult:
        """Run a cell; never raises for what student code did.

        At `timeout` seconds the cell is interrupted (KeyboardInterrupt) and given 2 s more before the process is
        killed. After a cell that timed out or ended the process, further cells are skipped until `restart`.
        """
        if self._stopped:
            return CellResult(status="skipped")
        started = time.monotonic()
        interrupted = False

        def interrupt() -> float:
            nonlocal interrupted
            interrupted = True
            procfs.send(self._template.pidfd, signal.SIGINT)
            return time.monotonic() + _GRACE_SECONDS

        status, reason = "ok", ""
        outcome: dict[str, Any] = {"outputs": [], "ename": "", "line": 0, "execution_count": None}
        try:
            value = self._peer.ask("cell", timeout=timeout, extend=interrupt, source=source, index=index)
            outcome = replies.cell_outcome(value, output_bytes=self.limits.output_kb << 10)
            status = "timeout" if interrupted else outcome["status"]
        except SandboxTimeout:
            status = "timeout"
        except SandboxDied as died:
            reason = died.reason
            status = "memory" if reason == "memory" else "died"
        except (ProtocolError, StudentError) as broken:
            self._peer.end("protocol")
            status, reason = "died", "protocol"
            self.broken = broken.detail
        seconds = time.monotonic() - started
        self._stopped = status in ("timeout", "died", "memory")
        text = self._guard.take_output()
        if text:
            outcome["outputs"].append({"output_type": "stream", "name": "stdout", "text": text})
        return CellResult(
            outputs=outcome["outputs"],
            status=status,
            ename=outcome["ename"] if status in ("error", "timeout") else "",
            line=outcome["line"],
            seconds=seconds,
            execution_count=outcome["execution_count"],
            reason=reason,
        )

    @property
    def alive(self) -> bool:
        """Whether the process can still be asked; a cell that was interrupted in time leaves it alive."""
        return not self._peer.over and not procfs.wait_exit(self._template.pidfd, 0)

    @property
    def confinement(self) -> dict[str, Any]:
        """What confines it, for the record: landlock_abi, seccomp, user_notif, uid_drop, unsafe and more."""
        return dict(self._confinement)

    @property
    def usage(self) -> dict[str, float]:
        """What it uses now: cpu_seconds, private_mb, peak_private_mb, scratch_mb, scratch_files."""
        self._guard.look()
        state = procfs.process_state(self._template.pid)
        return {
            "cpu_seconds": state.cpu_seconds if state is not None else 0.0,
            "private_mb": sum(member.private for member in self._guard.members) / 2**20,
            "peak_private_mb": self._guard.peak / 2**20,
            "scratch_mb": self._guard.used.bytes / 2**20,
            "scratch_files": float(self._guard.used.files),
        }

    def defined(self, names: Sequence[str]) -> set[str]:
        """Return which of these names are defined in the notebook's namespace and callable; raises as `Branch.call`."""
        asked = list(names)
        return replies.names(self._peer.ask("defined", timeout=SMALL_SECONDS, names=asked), asked)

    def branch(self) -> Branch:
        """Fork the process as it is now; what happens in the branch leaves it and other branches alone.

        Raises:
            BranchUnavailable: it cannot be forked here; start a fresh sandbox and run the cells again.
            SandboxDied, SandboxTimeout, ProtocolError: the process is no more.
        """
        if not self._forkable:
            raise BranchUnavailable
        for _ in range(_FORK_ATTEMPTS):
            here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            self._guard.forks = 1
            try:
                pid = self._peer.ask("fork", timeout=SMALL_SECONDS, attach=there.fileno())
                member = self._new_member(pid)
            except StudentError:  # interrupted by a signal in between, or out of memory
                here.close()
                continue
            except BaseException:
                here.close()
                raise
            finally:
                self._guard.forks = 0
                there.close()
            return Branch(Line(here, self._guard, self._codec_limits), member, owned=True)
        raise BranchUnavailable

    def direct(self) -> Branch:
        """Return a view that calls functions in this process itself, where `branch` is not available.

        What is called changes the notebook's state, and a call that times out ends the sandbox.
        """
        return Branch(self._line, self._template, owned=False, peer=self._peer)

    def restart(self) -> None:
        """End the process and start afresh with the same limits, files and seed; nothing of the notebook remains."""
        self.kill()
        self._start()

    def kill(self) -> Exit:
        """End the process and all that descends from it, wipe its folder, and say how it ended. May be repeated."""
        if self._exit is None:
            reason = "killed" if self.alive else self._peer.over or "exit"
            self._peer.end("closed")
            self._line.close()
            self._guard.close()
            reply = self._control.ask({"op": "kill", "id": self._id})
            peak = max(reply["peak_bytes"] - self._born_with, self._guard.peak, 0)
            self._exit = Exit(reason, float(reply["cpu_seconds"]), peak / 2**20)
        return self._exit

    def _start(self) -> None:
        self._exit = None
        self._stopped = False
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
        pid = int(reply["pid"])
        try:
            scratch.write_files(reply["scratch"], self._files, reply["uid"])
            listener = _await_hello(here)
            pidfd = procfs.open_pidfd(pid, int(reply["server"]))
            if pidfd is None:
                raise InfrastructureError("sandbox-lost", "실행 환경이 시작하자마자 사라졌습니다.")
        except BaseException:
            here.close()
            os.close(output)
            self._control.ask({"op": "kill", "id": self._id})
            raise
        self._template = Member(pid, int(reply["server"]), pidfd, procfs.anonymous_bytes(pid))
        on_gpu = self._device != "cpu"
        self._guard = Guard(self.limits, reply["scratch"], output, listener, [self._template], shared=on_gpu)
        self._line = Line(here, self._guard, self._codec_limits)
        self._peer = Peer(self._line, self._template)
        self._forkable = not on_gpu and (listener is not None or not self._confinement["seccomp"])

    def _new_member(self, pid: Any) -> Member:
        """Return the process a fork made, if it really is a new child of the template."""
        known = {member.pid for member in self._guard.members}
        pidfd = None
        if type(pid) is int and 0 < pid < 2**31 and pid not in known:
            pidfd = procfs.open_pidfd(pid, self._template.pid)
        if pidfd is None:
            if procfs.wait_exit(self._template.pidfd, 0):  # killed after it had answered
                self._peer.ask("defined", timeout=SMALL_SECONDS, names=[])
            self._peer.end("protocol")
            raise replies.wrong("not a branch's pid")
        member = Member(pid, self._template.pid, pidfd, procfs.anonymous_bytes(pid))
        self._guard.members.append(member)
        return member


def ask(control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
    """Send one request over a control connection and return the reply.

    Raises:
        ConfinementError: the fork server could not confine.
        InfrastructureError: it is gone, silent or refuses.
    """
    gone = "격리 서버와 연결이 끊겼습니다. 채점기를 다시 시작하세요."
    try:
        control.settimeout(_CONTROL_SECONDS)
        socket.send_fds(control, [json.dumps(message).encode()], list(descriptors))
        answer = control.recv(1 << 16)
    except OSError as error:
        raise InfrastructureError("fork-server-gone", gone, detail=str(error)) from error
    if not answer:
        raise InfrastructureError("fork-server-gone", gone)
    reply: dict[str, Any] = json.loads(answer)
    if "refused" in reply:
        raise confine.refused(reply["refused"], reply.get("detail", ""))
    if "stuck" in reply:
        stuck = "강제로도 끝나지 않는 실행 환경이 장치를 붙들고 있습니다. 이 장치는 더 쓰지 않습니다."
        raise InfrastructureError("sandbox-stuck", stuck, detail=f"process {reply['stuck']} does not die")
    if "error" in reply:
        raise InfrastructureError("fork-server-error", "격리 서버가 요청을 처리하지 못했습니다.", detail=reply["error"])
    return reply


def _await_hello(sock: socket.socket) -> int | None:
    """Wait until the process says it is confined; no student code has run. Returns the filter's listener, if any."""
    sock.settimeout(_HELLO_SECONDS)
    listener: int | None = None
    try:
        text, descriptors, _, _ = socket.recv_fds(sock, 1 << 16, 1)
        if not text:  # killed from outside, say: no reason to believe that this machine cannot confine the next one
            raise ConnectionResetError("it ended before it was confined")
        hello = json.loads(text)
    except (OSError, ValueError) as error:
        raise InfrastructureError("sandbox-silent", "실행 환경이 시작되지 않았습니다.", detail=str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            sock.setblocking(False)
    listener = descriptors[0] if descriptors else None
    if "failed" in hello:
        message = "실행 환경을 격리하지 못해 학생 코드를 실행하지 않았습니다. `autograder doctor`로 점검하세요."
        raise ConfinementError("confinement-failed", message, detail=hello["failed"])
    if listener is not None:
        os.set_inheritable(listener, False)
    return listener
