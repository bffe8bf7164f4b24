"""What the kernel says about processes: parents, children, ends and memory, read from /proc by the trusted side.

Owns /proc parsing and signals by pidfd. Believes no pid a sandbox reports: callers compare it with `children`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "Ended",
    "ProcessState",
    "anonymous_bytes",
    "children",
    "open_pidfd",
    "process_state",
    "resident_bytes",
    "send",
    "shared_bytes",
    "wait_exit",
]

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: by `signal` (0 if it exited) or with `code`."""

    code: int
    signal: int


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One line of /proc/PID/stat. `ended` is None while it runs, or where its end is not ours to see."""

    parent: int
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
        state=fields[0],
        cpu_seconds=sum(map(int, fields[11:15])) / _TICKS,
        ended=Ended(status >> 8, status & 0x7F) if gone else None,
    )


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


def open_pidfd(pid: int, parent: int) -> int | None:
    """Return a descriptor for a child of `parent`, None if it is none (any more)."""
    try:
        fd = os.pidfd_open(pid)
    except OSError:
        return None
    state = process_state(pid)
    if state is None or state.parent != parent:
        os.close(fd)
        return None
    return fd


def send(pidfd: int, number: signal.Signals) -> None:
    """Signal a process if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, number)


def wait_exit(pidfd: int, seconds: float) -> bool:
    """Return whether the process ended within this time."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
