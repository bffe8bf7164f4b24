"""The fork server: imports everything once, then forks sandboxes and trusted judges on request.

``python -P .../bootstrap.py FD``, FD being the coordinator's SOCK_SEQPACKET connection; its first reply states the hash
of the code it runs. Owns the process table: it is the parent of every sandbox and inherits their orphans, so that a
kill is complete. It imports nothing of the judge's side, is told no suite's path and receives no submission, so that
what it forks inherits nothing worth stealing.

One sandbox is forked ahead of being asked for, and does by itself all that does not depend on the submission. That
saves no CPU. Its first cell answers 11 ms after the request, and 34 ms after it without (two cores, no GPU).
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import platform
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograder import code_hash
from autograder.errors import ConfinementError
from autograder.model import Limits
from autograder.sandbox import kernel_calls
from autograder.sandbox.confinement import capability, confine, policy, privileges
from autograder.sandbox.confinement.groups import Group, Groups, NoGroups, open_groups
from autograder.sandbox.confinement.policy import Confinement
from autograder.sandbox.processes import hugepages, procfs, scratch

__all__ = ["main"]

_IDLE_SECONDS = 0.02
_STUCK_SECONDS = 20.0
"""After so long without the machine a killed process of a GPU sandbox is held by a driver: it is left where it is."""
_DEATH_SECONDS = 300.0
_MESSAGE = 1 << 16


@dataclass(eq=False, slots=True)
class Seat:
    """A forked sandbox: its process, user, folder, the socket its orders go through, and its control group, if any."""

    pid: int
    pidfd: int
    uid: int | None
    folder: str
    orders: socket.socket
    device: str
    group: Group | None = None


@dataclass(eq=False, slots=True)
class Control:
    """A judge's connection and the sandboxes it asked for."""

    sock: socket.socket
    seats: dict[int, Seat] = field(default_factory=dict)


class Server:
    """The loop and what it owns."""

    def __init__(self, master: socket.socket, setup: dict[str, Any]) -> None:
        self.master = master
        self.root = str(setup["scratch_root"])
        self.confinement = Confinement.from_dict(setup["confinement"])
        self.controls: dict[int, Control] = {}
        self.judges: dict[int, int] = {}  # pidfd -> pid
        self.seats: set[Seat] = set()  # every sandbox not yet waited for
        self.stuck: set[Seat] = set()  # those of them that SIGKILL did not end: a driver holds them
        self.spare: Seat | None = None
        self.plans: dict[str, confine.Plan] = {}
        self.next_id = 1
        self.uids = _UidBlock()
        self.groups, self.without_groups = self._open_groups()
        self.report = self._warm_up([str(name) for name in setup["preload"]])

    def _open_groups(self) -> tuple[Groups | None, str]:
        """Return the maker of control groups, or None and why there are none."""
        if not self.confinement.rlimits:
            return None, "switched off"
        try:
            return open_groups({os.getpid(), os.getppid()}), ""
        except NoGroups as none:
            return None, str(none)

    def run(self) -> None:
        """Serve until the coordinator is gone; then end everything."""
        poll = select.poll()
        poll.register(self.master, select.POLLIN)
        try:
            while True:
                idle = self.spare is None
                ready = poll.poll(_IDLE_SECONDS * 1000 if idle else None)
                if not ready:
                    self._refill()
                for fd, _ in ready:
                    if fd == self.master.fileno():
                        if not self._serve_master(poll):
                            return
                    elif fd in self.judges:
                        poll.unregister(fd)
                        os.waitpid(self.judges.pop(fd), 0)
                        os.close(fd)
                    elif fd in self.controls and not self._serve_control(self.controls[fd]):
                        poll.unregister(fd)
                        self._end_control(self.controls.pop(fd))
        finally:
            self._end()

    def _warm_up(self, preload: list[str]) -> dict[str, Any]:
        started = time.monotonic()
        left_out = {}
        for name in preload:
            try:
                importlib.import_module(name.removeprefix("?"))
            except ImportError as error:
                if not name.startswith("?"):
                    raise
                left_out[name[1:]] = str(error)
        from autograder.sandbox.shell import child

        child.warm_up()
        self.plans["cpu"] = confine.prepare(self.confinement, self.root)
        gc.collect()
        gc.freeze()
        hugepages.fill_gaps()
        hugepages.gather()
        loaded = [name for name in _REPORTED if name in sys.modules]
        versions = {name: str(getattr(sys.modules[name], "__version__", "")) for name in loaded}
        return {
            "seconds": time.monotonic() - started,
            "code": code_hash.stated(),  # behind every import of this process
            "versions": {"python": platform.python_version(), **versions},
            "left_out": left_out,
            "confinement": {**self.plans["cpu"].describe(), "cgroup": self.groups is not None},
            "without_groups": self.without_groups,
        }

    def _serve_master(self, poll: select.poll) -> bool:
        message, descriptors = _receive(self.master)
        if message is None:
            return False
        if message["op"] == "control":
            control = Control(socket.socket(fileno=descriptors[0]))
            self.controls[control.sock.fileno()] = control
            poll.register(control.sock, select.POLLIN)
            _reply(self.master, {})
        elif message["op"] == "trusted":
            there, *given = descriptors
            pid = os.fork()
            if pid == 0:
                self._forget(there)
                _become_trusted(str(message["entry"]), given)
            for descriptor in given:
                os.close(descriptor)
            control = Control(socket.socket(fileno=there))
            self.controls[there] = control
            poll.register(control.sock, select.POLLIN)
            pidfd = kernel_calls.open_pidfd(pid)
            self.judges[pidfd] = pid
            poll.register(pidfd, select.POLLIN)
            _reply(self.master, {"pid": pid})
        return True

    def _serve_control(self, control: Control) -> bool:
        message, descriptors = _receive(control.sock)
        if message is None:
            return False
        try:
            if message["op"] == "spawn":
                answer = self._spawn(control, message, descriptors)
            else:
                answer = self._kill(control.seats.pop(int(message["id"])))
        except ConfinementError as error:
            answer = {"refused": error.code.removeprefix("cannot-confine-"), "detail": error.detail}
        except (OSError, LookupError, TypeError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return _reply(control.sock, answer)

    def _spawn(self, control: Control, message: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        device = str(message["device"])
        if device != "cpu" and (stuck := self._still_stuck()):
            return {"stuck": stuck[0].pid}
        seat = None
        if device == "cpu":
            seat, self.spare = self.spare, None
        if seat is not None and procfs.wait_exit(seat.pidfd, 0):
            self._kill(seat)
            seat = None
        seat = seat or self._fork(device)
        order = {name: message[name] for name in ("limits", "seed")}
        try:
            if seat.group is not None:
                seat.group.limit(Limits.from_dict(order["limits"]))
            socket.send_fds(seat.orders, [json.dumps(order).encode()], descriptors)
        except OSError:
            self._kill(seat)
            raise
        identity, self.next_id = self.next_id, self.next_id + 1
        control.seats[identity] = seat
        return {
            "id": identity,
            "pid": seat.pid,
            "server": os.getpid(),
            "uid": seat.uid,
            "scratch": seat.folder,
            "confinement": {**self.plans[device].describe(), "cgroup": seat.group is not None},
            "group": str(seat.group.path) if seat.group is not None else "",
            "born_with": procfs.resident_bytes(os.getpid()),
        }

    def _refill(self) -> None:
        with contextlib.suppress(OSError):
            self.spare = self._fork("cpu")

    def _fork(self, device: str) -> Seat:
        if device not in self.plans:
            self.plans[device] = confine.prepare(self.confinement, self.root, device)
        plan = self.plans[device]
        uid = self.uids.take() if plan.uid_drop else None
        folder = scratch.create(self.root, uid)
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            from autograder.sandbox.shell import child

            here.close()
            self._forget()
            child.main(plan, there, folder=folder, uid=uid, parent=parent)
        there.close()
        seat = Seat(pid, kernel_calls.open_pidfd(pid), uid, folder, here, device)
        self.seats.add(seat)
        if device == "cpu":  # what a driver takes of the machine's memory for a GPU is not the sandbox's to answer for
            seat.group = self._group_of(pid)
        return seat

    def _group_of(self, pid: int) -> Group | None:
        """Return a new sandbox's control group; where one cannot be had any more, sandboxes go on without."""
        if self.groups is None:
            return None
        try:
            group = self.groups.make()
            group.take(pid)
        except OSError as error:
            self.groups, self.without_groups = None, str(error)
            return None
        return group

    def _forget(self, *others: int) -> None:
        """In a fork: close the server's connections and drop what it knows, so that no object closes them later."""
        for sock in [self.master, *(c.sock for c in self.controls.values()), *(s.orders for s in self.seats)]:
            sock.close()
        for descriptor in others:
            os.close(descriptor)
        self.uids.forget()
        for owned in (self.controls, self.judges, self.seats):
            owned.clear()
        self.spare = None

    def _kill(self, seat: Seat) -> dict[str, Any]:
        """End a sandbox and all that descends from it, wipe its folder, and report what it used."""
        seat.orders.close()
        procfs.send(seat.pidfd, signal.SIGKILL)
        if not self._dies(seat):
            self.stuck.add(seat)
            return {"stuck": seat.pid}  # its uid is not used again
        # The family before its first process: until that is waited for, no other session can have its number.
        used = self._kill_family(seat.pid)
        used.append(os.wait4(seat.pid, 0)[2])
        self.seats.discard(seat)
        self.stuck.discard(seat)
        os.close(seat.pidfd)
        if seat.group is not None:
            seat.group.remove()
        scratch.wipe(seat.folder)
        if seat.uid is not None:
            self.uids.give_back(seat.uid)
        return {
            "cpu_seconds": sum(each.ru_utime + each.ru_stime for each in used),
            "peak_bytes": max(each.ru_maxrss for each in used) * 1024,
        }

    @staticmethod
    def _dies(seat: Seat) -> bool:
        """Wait for a killed process: long where it only lacks the machine, not long where a driver holds it."""
        for _ in range(round(_DEATH_SECONDS / _STUCK_SECONDS)):
            if procfs.wait_exit(seat.pidfd, _STUCK_SECONDS):
                return True
            state = procfs.process_state(seat.pid)
            if seat.device != "cpu" and state is not None and state.state == "D":
                return False
        return False

    def _still_stuck(self) -> list[Seat]:
        """Return the sandboxes of GPUs that do not die; one that died in the meantime is cleared away."""
        for seat in [seat for seat in self.stuck if procfs.wait_exit(seat.pidfd, 0)]:
            self._kill(seat)
        return [seat for seat in self.stuck if seat.device != "cpu"]

    def _kill_family(self, session: int) -> list[resource.struct_rusage]:
        """End and wait for children that belong to a sandbox, and for those that belong to none; return their usage.

        A sandbox's processes are those of the session that its first one made: system calls that would leave it are
        denied. Copies and branches are this process's children from the start or once their parent has ended.
        """
        used: list[resource.struct_rusage] = []
        known = {seat.pid for seat in self.seats} | set(self.judges.values())
        others = known - {session}
        while True:
            family = []
            for pid in procfs.children(os.getpid()) - known:
                state = procfs.process_state(pid)
                if state is not None and state.session not in others:
                    family.append(pid)
            if not family:
                return used
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)  # a child cannot be somebody else before it is waited for
                with contextlib.suppress(ChildProcessError):
                    used.append(os.wait4(pid, 0)[2])

    def _end_control(self, control: Control) -> None:
        """A judge is gone: end its sandboxes."""
        control.sock.close()
        while control.seats:
            self._kill(control.seats.popitem()[1])

    def _end(self) -> None:
        """End every process and wipe every folder."""
        for pidfd in self.judges:
            procfs.send(pidfd, signal.SIGKILL)
        for pid in self.judges.values():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        self.judges.clear()
        for fd in list(self.controls):
            self._end_control(self.controls.pop(fd))
        for seat in list(self.seats):
            self._kill(seat)
        if self.groups is not None:
            self.groups.close()


class _UidBlock:
    """Uids for sandboxes, no two alive with the same. The block is claimed on this machine by an abstract socket."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._claim: socket.socket | None = None

    def take(self) -> int:
        """Return a uid nobody uses; raises OSError if none is left."""
        if self._claim is None:
            self._claim_block()
        if not self._free:
            raise OSError("no uid is free")
        return self._free.pop(0)

    def forget(self) -> None:
        """In a fork: close the claim, which stays the server's."""
        if self._claim is not None:
            self._claim.close()

    def give_back(self, uid: int) -> None:
        """Take back a uid all of whose processes are gone."""
        self._free.append(uid)

    def _claim_block(self) -> None:
        for block in range(policy.UID_BLOCKS):
            claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                claim.bind(f"\0autograder-uids-{block}")
            except OSError:
                claim.close()
                continue
            self._claim = claim
            first = policy.FIRST_UID + block * policy.UID_BLOCK
            self._free = list(range(first, first + policy.UID_BLOCK))
            return
        raise OSError("no block of uids is free")


_REPORTED = ("torch", "numpy", "matplotlib", "IPython", "pytest", "course")


def _receive(sock: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    try:
        text, descriptors, _, _ = socket.recv_fds(sock, _MESSAGE, 8)
    except OSError:
        return None, []
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return (json.loads(text) if text else None), descriptors


def _reply(sock: socket.socket, answer: dict[str, Any]) -> bool:
    try:
        sock.send(json.dumps(answer).encode())
    except OSError:
        return False
    return True


def _become_trusted(entry: str, descriptors: list[int]) -> NoReturn:
    """Turn this fork into a judge: its three descriptors, the entry by name, no way back into the server's loop."""
    code = 1
    try:
        privileges.die_with_parent(os.getppid())
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10) for descriptor in descriptors]
        for target, source in enumerate(high, start=3):
            os.dup2(source, target, inheritable=False)
        kernel_calls.close_others(range(6))
        channel, control = socket.socket(fileno=3), socket.socket(fileno=4)
        with os.fdopen(5, encoding="utf-8") as stream:
            payload = json.load(stream)
        module, _, function = entry.partition(":")
        getattr(importlib.import_module(module), function)(channel, payload, control)
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        from autograder.sinks.echo import print_traceback

        print_traceback()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def main() -> int:
    """Run the fork server on the descriptor named by the only argument."""
    master = socket.socket(fileno=int(sys.argv[1]))
    master.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup, _ = _receive(master)
    if setup is None:
        return 1
    if setup["code"] != code_hash.LOADED:  # said at once, and not after the seconds that the imports take
        _reply(master, {"code": code_hash.LOADED})
        return 1
    try:
        confine.require(Confinement.from_dict(setup["confinement"]))  # before the seconds that the imports take
        privileges.become_subreaper()
        capability.allow_descriptors()
        server = Server(master, setup)
    except ConfinementError as error:
        _reply(master, {"refused": error.code.removeprefix("cannot-confine-"), "detail": error.detail})
        return 1
    except Exception as error:  # a broken library may raise anything while it is imported
        _reply(master, {"error": f"{type(error).__name__}: {error}"})
        return 1
    if not _reply(master, server.report):
        return 1
    server.run()
    return 0
