"""The untrusted side's main program: runs cells and calls on request, as student code's host.

Owns nothing that is worth attacking: it holds no expectation, no score and no secret, and whatever it replies is a
claim. Student code can read and change everything in this process. Started by the fork server only.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import fcntl
import gc
import json
import math
import os
import resource
import signal
import socket
import sys
import threading
from types import FrameType
from typing import Any, NoReturn

from autograder.errors import ProtocolError
from autograder.model import Limits
from autograder.sandbox import kernel_calls
from autograder.sandbox.confinement import confine, landlock, privileges
from autograder.sandbox.confinement.confine import Plan
from autograder.sandbox.outcomes import OUT_OF_MEMORY
from autograder.sandbox.shell import cells, sibling, surroundings
from autograder.sandbox.wire import codec
from autograder.sandbox.wire.frames import CodecLimits, Handle

__all__ = ["main", "warm_up"]

_FROM_JUDGE = CodecLimits(max_bytes=1 << 31)
_DETAIL = 2000
_MOST_DESCRIPTORS = 250
_ASK = CodecLimits(max_bytes=32 << 20, max_header=8 << 20)
"""Caps on one ask; see `autograder.judge.lent`."""
_RPC = 100
"""Least number of the connection to the judge: out of the way of what a notebook opens and closes."""


def warm_up() -> None:
    """In the fork server: make what every sandbox will use."""
    cells.create_shell()
    surroundings.detect_processor()
    surroundings.replace_before_any_fork()
    surroundings.replacements()
    if "torch" in sys.modules:
        from autograder.sandbox.shell import answers, asks  # noqa: F401  no sandbox can read them later
    surroundings.exercise()


def main(plan: Plan, orders: socket.socket, *, folder: str, uid: int | None, parent: int) -> NoReturn:
    """Confine this freshly forked process, wait for its submission's orders, and serve the judge until it hangs up.

    Whatever fails before student code could run is reported to the judge, who then refuses to grade.
    """
    failed = ""
    try:
        _take_descriptors(plan, orders)
        os.chdir(folder)
        surroundings.adjust()
        confine.leave_family(plan, uid, parent)
        surroundings.set_environment(folder)
        if plan.visible is not None:
            os.environ["CUDA_VISIBLE_DEVICES"] = plan.visible
        confine.restrict_paths(plan, folder)
        host = _Host(plan, folder)
    except BaseException as error:
        failed = f"{type(error).__name__}: {error}"
    try:
        text, descriptors, _, _ = socket.recv_fds(orders, 1 << 16, 2)
        if len(descriptors) != 2:
            os._exit(0)  # never needed
        order = json.loads(text)
        rpc, sink = fcntl.fcntl(descriptors[0], fcntl.F_DUPFD_CLOEXEC, _RPC), descriptors[1]
        os.close(descriptors[0])
        orders.close()
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        os.close(sink)
        sock = socket.socket(fileno=rpc)
        if not failed:
            try:
                surroundings.seed_everything(int(order["seed"]), plan.device, plan.fraction)
                limits = Limits.from_dict(order["limits"])
                host.shell.stream_bytes = limits.output_kb << 10
                listener = confine.restrict_calls(plan, limits)
            except BaseException as error:
                failed = f"{type(error).__name__}: {error}"
        if failed:
            sock.send(json.dumps({"failed": failed}).encode())
            os._exit(1)
        hello = b"{}"
        socket.send_fds(sock, [hello], [listener] if listener is not None else [])
        if listener is not None:
            os.close(listener)
        surroundings.start_device(plan.device)
        host.serve(sock)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(0)


def _take_descriptors(plan: Plan, orders: socket.socket) -> None:
    """Keep /dev/null as 0 to 2, the orders, and the prepared ruleset; close everything else."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(null, target)
    kernel_calls.close_others({0, 1, 2, orders.fileno(), *([plan.exact.fd] if plan.exact is not None else [])})


class _View:
    """The notebook's names as attributes."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.__dict__ = names


class _Host:
    """Serves requests in one process; a branch is a copy of it in another process."""

    def __init__(self, plan: Plan, folder: str) -> None:
        self.plan = plan
        self.folder = self.place = folder
        self.shell = cells.create_shell()
        cells.activate(self.shell)
        self.shell.home = folder
        self.objects: dict[int, Any] = {}
        self.interruptible = False
        self.asked = 0
        self.serving: int | None = None
        self.sock: socket.socket
        signal.signal(signal.SIGINT, self._interrupt)

    def serve(self, sock: socket.socket) -> None:
        """Answer requests until the judge closes the connection."""
        self.sock = sock
        while True:
            try:
                header, buffers = codec.recv(self.sock, limits=_FROM_JUDGE)
            except (EOFError, OSError):
                return
            request = codec.decode(header, buffers, limits=_FROM_JUDGE, get_handle=self._object)
            if "op" not in request:
                continue  # the answer to an ask that something of the student's interrupted
            self.serving = request["id"]
            reply = self._answer(request)
            if reply is None:
                continue
            try:
                frame = codec.encode(reply, self._handle)
            except (ProtocolError, RecursionError, MemoryError, RuntimeError) as error:
                frame = codec.encode(_failure(request["id"], ValueError(f"the result cannot be sent: {error}")))
            codec.send(self.sock, frame)

    def _answer(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Do what a request asks for; None means that this is now a branch, which has nothing to say yet."""
        op = request["op"]
        try:
            if op == "fork":
                pid = self._fork(request)
                return None if pid == 0 else {"id": request["id"], "value": pid}
            signal.signal(signal.SIGINT, self._interrupt)
            self.interruptible = op == "cell"
            if request.get("seed") is not None:
                surroundings.seed_everything(request["seed"])
            value = getattr(self, f"_op_{op}")(request)
        except BaseException as error:
            self.interruptible = False
            return _failure(request["id"], error)
        finally:
            self.interruptible = False
            _flush()
        return {"id": request["id"], "value": value}

    def _op_cell(self, request: dict[str, Any]) -> Any:
        return cells.run_cell(self.shell, request["source"], request["index"], request["watched"])

    def _op_put_back(self, _request: dict[str, Any]) -> dict[str, Any]:
        return self.shell.bindings.put_back()

    def _op_recall(self, request: dict[str, Any]) -> None:
        self.shell.bindings.recall(request["answer"])

    def _op_defined(self, request: dict[str, Any]) -> list[str]:
        return [name for name in request["names"] if callable(self.shell.user_ns.get(name))]

    def _op_call(self, request: dict[str, Any]) -> Any:
        name = request["name"]
        if name not in self.shell.user_ns:
            raise NameError(f"name '{name}' is not defined")
        return self.shell.user_ns[name](*request["args"], **request["kwargs"])

    def _op_call_method(self, request: dict[str, Any]) -> Any:
        method = request["method"]
        target = getattr(request["handle"], method) if method else request["handle"]
        return target(*request["args"], **request["kwargs"])

    def _op_probe(self, request: dict[str, Any]) -> Any:
        namespace = self._run_beside(request["source"])
        return namespace[request["name"]](*request["args"], **request["kwargs"])

    def _op_install(self, request: dict[str, Any]) -> None:
        namespace = self._run_beside(request["source"])
        self.shell.user_ns.update({name: namespace[name] for name in request["names"]})

    def _op_lend(self, request: dict[str, Any]) -> None:
        from autograder.sandbox.shell.asks import Asker

        asker = Asker(self._ask)
        self.shell.user_ns.update({name: asker.stub(name) for name in request["names"]})

    def _op_answer(self, request: dict[str, Any]) -> Any:
        from autograder.sandbox.shell.answers import answer

        return answer(self.shell.user_ns[request["name"]], request["data"])

    def _ask(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Ask the judge, who waits for the reply to the request that is being served."""
        self.asked += 1
        ask = {"id": self.serving, "ask": self.asked, "name": name, "data": data}
        codec.send(self.sock, codec.encode(ask, limits=_ASK))
        while True:
            header, buffers = codec.recv(self.sock, limits=_FROM_JUDGE)
            told = codec.decode(header, buffers, limits=_FROM_JUDGE)
            if told.get("answer") == self.asked:  # else to one that something of the student's interrupted
                return dict(told)

    def _run_beside(self, source: str) -> dict[str, Any]:
        """Run staff's source next to the student's names; raises what it raises."""
        namespace: dict[str, Any] = {"__name__": "probe", "math": math}
        for alias, module in (("torch", "torch"), ("np", "numpy")):
            if module in sys.modules:
                namespace[alias] = sys.modules[module]
        namespace["student"] = _View(self.shell.user_ns)
        exec(compile(source, "<probe>", "exec"), namespace)  # noqa: S102  staff's source, sent to run here
        return namespace

    def _op_quiet(self, request: dict[str, Any]) -> None:
        """Stop what goes off by itself: timers, the delayed traceback, hooks on every step of the interpreter."""
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)
        faulthandler.cancel_dump_traceback_later()
        threading.settrace(None)
        threading.setprofile(None)
        sys.settrace(None)
        sys.setprofile(None)
        gc.callbacks.clear()
        with contextlib.suppress(OSError):
            self.place = os.getcwd()  # noqa: PTH109

    def _op_adopted(self, request: dict[str, Any]) -> None:
        privileges.die_with_parent(request["parent"])

    def _fork(self, request: dict[str, Any]) -> int:
        """Fork; returns 0 in the new process, which then serves its own connection."""
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, _MOST_DESCRIPTORS)
        try:
            pid = sibling.fork() if request["sibling"] else os.fork()
        except OSError:
            for descriptor in descriptors:
                os.close(descriptor)
            raise
        if pid == 0:
            try:
                self._become(request, descriptors)
            except BaseException:
                os._exit(1)  # the fork server is gone, say; an answer would be taken for a forged one
            return 0
        for descriptor in descriptors:
            os.close(descriptor)
        return pid

    def _become(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """In a fork: be a copy, or where there are files to open anew, a branch."""
        os.dup2(descriptors[0], self.sock.fileno(), inheritable=False)
        os.close(descriptors[0])
        if request["sibling"]:
            privileges.die_with_parent(request["parent"])
        if request["files"] is None:
            return
        self._open_anew(request["files"], descriptors[1:])
        try:
            os.chdir(self.place)
        except OSError:  # the notebook's last working folder is gone
            os.chdir(self.folder)
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            wanted = request["space"] if hard == resource.RLIM_INFINITY else min(request["space"], hard)
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        if self.plan.landlock_abi >= 6:  # a branch cannot signal the template or other branches
            landlock.Ruleset(self.plan.landlock_abi, files=False, network=False).restrict()

    def _open_anew(self, files: list[list[Any]], given: list[int]) -> None:
        """Give this process descriptions of its own of what was open, and nothing of what cannot be had anew.

        A number that is lost leads to /dev/null, so that no object of the notebook's meets another file under it.
        """
        own = iter(given)
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        for number, path, flags, position in files:
            if number == self.sock.fileno():
                continue
            found = null
            with contextlib.suppress(OSError, StopIteration):
                if path is not None:
                    found = os.open(f"{self.folder}/{path}", flags | os.O_CLOEXEC) if path else next(own)
                    os.lseek(found, position, os.SEEK_SET)
            os.dup2(found, number, inheritable=False)
            if path and found != null:
                os.close(found)
        # what was only needed here, and what no list could be had of
        kernel_calls.close_others({0, 1, 2, self.sock.fileno(), *(number for number, *_ in files)})

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.interruptible:
            self.interruptible = False
            raise KeyboardInterrupt

    def _handle(self, value: Any) -> Handle:
        identity = len(self.objects) + 1
        self.objects[identity] = value
        return Handle(identity, type(value).__name__)

    def _object(self, handle: Handle) -> Any:
        return self.objects[handle.id]


_OUT_OF_MEMORY = "allocate memory"
"""torch's words for what is a MemoryError elsewhere, under the name of a RuntimeError."""


def _failure(identity: int, error: BaseException) -> dict[str, Any]:
    """Return the reply that says student code raised: a type, and the innermost place in a cell."""
    kind = type(error)
    try:
        detail = f"{kind.__name__}: {error}"[:_DETAIL].encode(errors="replace").decode()
    except BaseException:
        detail = kind.__name__
    cell, line = cells.locate(error.__traceback__) or (None, 0)
    name = kind.__name__ if kind.__module__ == "builtins" else ""
    if name == "RuntimeError" and _OUT_OF_MEMORY in detail:
        name = "MemoryError"
    return {"id": identity, "etype": name, "line": line or 0, "cell": cell, "detail": detail}


_libc = ctypes.CDLL(None)


def _flush() -> None:
    """Push out what C code printed into libc's buffers."""
    with contextlib.suppress(Exception):
        _libc.fflush(None)
