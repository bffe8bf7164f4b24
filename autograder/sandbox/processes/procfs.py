"""What the kernel says about processes: parents, children, ends and memory, read from /proc by the trusted side.

Owns /proc parsing and signals by pidfd. Believes no pid a sandbox reports: callers compare it with `children`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import kernel_calls

__all__ = [
    "Ended",
    "OpenFile",
    "ProcessState",
    "anonymous_bytes",
    "children",
    "cpu_clock",
    "leads",
    "mapped_bytes",
    "open_files",
    "open_pidfd",
    "process_state",
    "resident_bytes",
    "send",
    "shared_bytes",
    "threads",
    "wait_exit",
    "wants_machine",
]

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_CPUCLOCK_SCHED = 2


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: by `signal` (0 if it exited) or with `code`."""

    code: int
    signal: int


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One line of /proc/PID/stat. `ended` is None while it runs, or where its end is not ours to see."""

    parent: int
    session: int
    state: str
    cpu_seconds: float
    ended: Ended | None


def process_state(pid: int) -> ProcessState | None:
    """Return what /proc says about a process, None if there is none (proc(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    status = int(fields[49])
    gone = fields[0] in "ZX"
    return ProcessState(
        parent=int(fields[1]),
        session=int(fields[3]),
        state=fields[0],
        cpu_seconds=sum(map(int, fields[11:15])) / _TICKS,
        ended=Ended(status >> 8, status & 0x7F) if gone else None,
    )


def cpu_clock(pid: int) -> float | None:
    """Return the CPU seconds of all threads a process has had, also of one that ended and was not waited for.

    The clock's number is made as the kernel makes it (CPUCLOCK_SCHED of a process, linux/posix-timers.h). A process
    can neither set nor stop it. None if there is no such process.
    """
    try:
        return time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)
    except OSError:
        return None


def threads(pid: int) -> int:
    """Return how many threads a process has; 0 if it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208
    except OSError:
        return 0


def leads(thread: int) -> bool:
    """Return whether a thread is the first one of its process, whose number is the process's too."""
    try:
        status = Path(f"/proc/{thread}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return f"\nTgid:\t{thread}\n" in status


def wants_machine(pid: int) -> bool:
    """Return whether a thread of the process could go on if it were given a processor, a page or a disk.

    Such a thread is runnable (R), waits for the disk or memory (D), or was stopped from outside (T): a sandbox can
    stop neither itself nor another.
    """
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:
        return False
    for task in tasks:
        with contextlib.suppress(OSError, IndexError):
            stat = Path(f"/proc/{pid}/task/{task}/stat").read_text(encoding="utf-8", errors="replace")
            if stat.rpartition(")")[2].split()[0] in "RDTt":
                return True
    return False


def own_seconds() -> float:
    """Return the seconds for which this thread ran, or waited for a processor if the kernel tells that."""
    try:
        ran, waited, _ = Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return time.thread_time()
    return (int(ran) + int(waited)) / 1e9


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A descriptor of a process: where its link leads, open(2) flags, and the place in the file."""

    number: int
    path: str
    flags: int
    position: int


def open_files(pid: int, least: int = 3) -> list[OpenFile]:
    """Return what a process has open, from descriptor `least` on."""
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208
            if int(name) < least:
                continue
            with contextlib.suppress(OSError, ValueError, KeyError):
                lines = Path(f"/proc/{pid}/fdinfo/{name}").read_text(encoding="ascii", errors="replace").splitlines()
                info = dict(line.split(":", 1) for line in lines if ":" in line)
                path = os.readlink(f"/proc/{pid}/fd/{name}")  # noqa: PTH115
                found.append(OpenFile(int(name), path, int(info["flags"], 8), int(info["pos"])))
    return sorted(found, key=lambda file: file.number)


def children(pid: int) -> set[int]:
    """Return the pids whose parent is `pid`, ended ones that nobody waited for included."""
    found: set[int] = set()
    try:
        for task in os.scandir(f"/proc/{pid}/task"):
            found.update(map(int, Path(task.path, "children").read_text(encoding="ascii").split()))
    except FileNotFoundError:
        if not Path(f"/proc/self/task/{os.getpid()}/children").exists():  # a kernel without CONFIG_PROC_CHILDREN
            return _children_by_scan(pid)
    except OSError:
        pass
    return found


def _children_by_scan(pid: int) -> set[int]:
    pids = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]
    return {child for child in pids if (state := process_state(child)) is not None and state.parent == pid}


def anonymous_bytes(pid: int) -> int:
    """Return the memory of a process that is not files, pages it shares by fork included; 0 if it is gone."""
    resident, shared = _memory(pid)
    return resident - shared


def resident_bytes(pid: int) -> int:
    """Return all memory of a process that is present; 0 if it is gone."""
    return _memory(pid)[0]


def mapped_bytes(pid: int) -> int:
    """Return the address space of a process in use; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]) * _PAGE
    except OSError:
        return 0


def shared_bytes(pid: int) -> int:
    """Return the memory of a process that is neither private nor of a named file: shared mappings and memfds."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
        return int(status.partition("\nRssShmem:")[2].split()[0]) << 10
    return 0


def _memory(pid: int) -> tuple[int, int]:
    """Return (resident, of that files and shared memory) in bytes."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0, 0
    return int(resident) * _PAGE, int(shared) * _PAGE


def open_pidfd(pid: int, parents: Collection[int], session: int | None = None) -> int | None:
    """Return a descriptor for a child of one of `parents`, of this session if given; None if it is none (any more)."""
    try:
        fd = kernel_calls.open_pidfd(pid)
    except OSError:
        return None
    state = process_state(pid)
    if state is None or state.parent not in parents or (session is not None and state.session != session):
        os.close(fd)
        return None
    return fd


def send(pidfd: int, number: signal.Signals) -> None:
    """Signal a process if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        kernel_calls.signal_pidfd(pidfd, number)


def wait_exit(pidfd: int, seconds: float) -> bool:
    """Return whether the process ended within this time."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
