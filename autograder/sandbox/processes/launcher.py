"""The coordinator's handle on the fork server: starts it, opens control connections, has judges forked, ends it all.

Owns the fork server's process, its environment and the scratch root. The fork server runs the package that this process
imported, and is refused if its code is another by now. What it is sent never holds a suite's path, a secret or a
submission: a judge's payload crosses in a file that only the judge reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder import code_hash
from autograder.errors import InfrastructureError
from autograder.sandbox import kernel_calls
from autograder.sandbox.confinement import confine, policy
from autograder.sandbox.confinement.policy import DEFAULT_PRELOAD, Confinement
from autograder.sandbox.processes import control, scratch

__all__ = ["ForkServer"]

_BOOTSTRAP = str(Path(__file__).with_name("bootstrap.py"))
_START_SECONDS = 900.0
"""To import everything takes 5 to 8 CPU seconds; a machine thirty times slower needs four minutes."""
_CLOSE_SECONDS = 15.0


class ForkServer:
    """A process that has imported everything once and forks judges and sandboxes. Its methods may be called by threads.

    Args:
        preload: modules to import, "?" before those that may be missing.
        confinement: what to apply; None is everything.
        unsafe: accept an incomplete `confinement`, none at all by default. For debugging: records say so.
        hash_seed: of str and bytes hashes (``PYTHONHASHSEED``): the same everywhere, or a student's work that depends
            on the order of a set would get one score today and another tomorrow.
    """

    def __init__(
        self,
        *,
        preload: Sequence[str] = DEFAULT_PRELOAD,
        confinement: Confinement | None = None,
        unsafe: bool = False,
        hash_seed: int = 0,
    ) -> None:
        self._hash_seed = hash_seed
        self._confinement = confinement or (Confinement.none() if unsafe else Confinement())
        if not self._confinement.complete and not unsafe:
            missing = next(name for name in ("landlock", "seccomp", "rlimits") if not getattr(self._confinement, name))
            raise confine.refused(missing, "switched off without unsafe=True")
        self._preload = list(preload)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._master: socket.socket | None = None
        self._root: tuple[str, int] | None = None
        self.report: dict[str, Any] = {}
        """After `start`: import seconds, versions, modules left out, the confinement of its sandboxes."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id; raises InfrastructureError if it was not started."""
        if self._process is None:
            raise InfrastructureError("fork-server-gone", "격리 서버가 실행 중이 아닙니다.")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process was started and still runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def scratch_root(self) -> str:
        """The folder that holds all scratch folders; raises InfrastructureError if it was not started."""
        if self._root is None:
            raise InfrastructureError("fork-server-gone", "격리 서버가 실행 중이 아닙니다.")
        return self._root[0]

    def start(self) -> None:
        """Start the process and wait until it has imported everything (some seconds).

        Raises:
            ConfinementError: this machine cannot confine.
            InfrastructureError: it did not start, for example because a module is missing; or its code is another than
                this process's (``grader-differs``): the package's files have changed since this process started.
        """
        if self._process is not None:
            return
        self._root = scratch.create_root()
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            # Not -I, which would ignore the hash seed: the environment is ours, and -s and -P do the rest of it. By its
            # path, so that it is this process's own package, and not another one that is installed or lies about.
            command = [sys.executable, "-s", "-P", "-B", _BOOTSTRAP, str(there.fileno())]
            self._process = subprocess.Popen(
                command,
                env={**_environment(self._root[0]), "PYTHONHASHSEED": str(self._hash_seed)},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                start_new_session=True,
            )
            there.close()
            self._master = here
            setup = {
                "code": code_hash.LOADED,
                "preload": self._preload,
                "confinement": self._confinement.to_dict(),
                "scratch_root": self._root[0],
            }
            here.settimeout(_START_SECONDS)
            here.send(json.dumps(setup).encode())
            self.report = self._first_reply(here)
        except BaseException:
            here.close()
            there.close()
            self.close()
            raise

    def close(self) -> None:
        """End it and everything it forked, and remove the scratch root. May be repeated."""
        with self._lock:
            if self._master is not None:
                self._master.close()
                self._master = None
            if self._process is not None:
                try:
                    self._process.wait(_CLOSE_SECONDS)
                except subprocess.TimeoutExpired:
                    self._process.send_signal(signal.SIGKILL)  # its children die with it
                    self._process.wait()
                self._process = None
            if self._root is not None:
                scratch.remove_root(*self._root)
                self._root = None

    def control(self) -> socket.socket:
        """Return a new control connection for a `SandboxControl`, in this process or another it is handed to."""
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._ask({"op": "control"}, [there.fileno()])
        except BaseException:
            here.close()
            raise
        finally:
            there.close()
        return here

    def spawn_trusted(self, entry: str, channel: socket.socket, payload: Mapping[str, Any]) -> int:
        """Fork a trusted process that calls ``entry(channel, payload, control_socket)`` and ends when that returns.

        Args:
            entry: ``"package.module:function"``, imported in the new process.
            channel: its end of a connection; the caller closes its own copy.
            payload: JSON-able; never passes through the fork server's memory.

        Returns:
            Its process id. It ends with the fork server.
        """
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        file = kernel_calls.unnamed_file(self.scratch_root)
        try:
            with os.fdopen(os.dup(file), "w", encoding="utf-8") as stream:
                json.dump(dict(payload), stream)
            os.lseek(file, 0, os.SEEK_SET)
            descriptors = [there.fileno(), channel.fileno(), here.fileno(), file]
            return int(self._ask({"op": "trusted", "entry": entry}, descriptors)["pid"])
        finally:
            here.close()
            there.close()
            os.close(file)

    def _ask(self, message: dict[str, Any], descriptors: Sequence[int]) -> dict[str, Any]:
        with self._lock:
            if self._master is None:
                raise InfrastructureError("fork-server-gone", "격리 서버가 실행 중이 아닙니다.")
            return control.ask(self._master, message, descriptors)

    def _end(self) -> str:
        """Return how a process ended that never answered."""
        try:
            code = self._process.wait(_CLOSE_SECONDS) if self._process is not None else 0
        except subprocess.TimeoutExpired:
            return "no reply"
        return f"no reply: it was ended by signal {-code}" if code < 0 else f"no reply: it ended with {code}"

    def kill(self) -> None:
        """Have the process and all that it forked end at once; who waits for one of them gets an error. Any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def _first_reply(self, here: socket.socket) -> dict[str, Any]:
        reply: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            reply = json.loads(here.recv(1 << 16))
        if "refused" in reply:
            raise confine.refused(reply["refused"], reply.get("detail", ""))
        if {"code", "seconds"} & reply.keys() and reply.get("code") != code_hash.LOADED:
            raise code_hash.grader_differs(str(reply.get("code")))
        if "seconds" not in reply:
            message = "격리 서버를 시작하지 못했습니다. 설치가 온전한지 `autograder doctor`로 점검하세요."
            raise InfrastructureError("fork-server-start", message, detail=str(reply.get("error") or self._end()))
        return reply


def _environment(root: str) -> dict[str, str]:
    """Return the fork server's whole environment; matplotlib keeps its font list in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "autograder", "matplotlib")
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = Path(root)
    kept = {name: os.environ[name] for name in policy.SERVER_ENVIRONMENT_KEPT if name in os.environ}
    return {**kept, **policy.SERVER_ENVIRONMENT, "TMPDIR": root, "HOME": root, "MPLCONFIGDIR": str(cache)}
