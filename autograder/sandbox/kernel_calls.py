"""Descriptors by system calls that a build of Python may lack and a container may refuse: pidfds, closing, no name.

Owns these calls, by their numbers: a Python that was compiled against old headers has no `os.pidfd_open`, on whatever
kernel it runs. A call that can be done without is; for a pidfd there is nothing as safe, and its refusal is raised.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import tempfile
from collections.abc import Collection

__all__ = ["close_others", "open_pidfd", "signal_pidfd", "unnamed_file"]

_PIDFD_SEND_SIGNAL, _PIDFD_OPEN, _CLOSE_RANGE = 424, 434, 436  # the same numbers on every architecture
_LAST = 0xFFFFFFFF
"""The last descriptor there can be, for close_range(2)."""


def open_pidfd(pid: int) -> int:
    """Return a descriptor of a process, closed on exec; raises OSError, ProcessLookupError where there is none."""
    return _call("pidfd_open", _PIDFD_OPEN, pid, 0)


def signal_pidfd(pidfd: int, number: int) -> None:
    """Send a signal to the process of a descriptor; raises OSError, ProcessLookupError where it was waited for."""
    _call("pidfd_send_signal", _PIDFD_SEND_SIGNAL, pidfd, number, 0, 0)


def close_others(kept: Collection[int]) -> None:
    """Close every descriptor of this process but `kept`; for a process of one thread.

    Where close_range(2) is refused the descriptors are read off /proc, and where that is closed too, as behind
    Landlock, all numbers up to the limit are closed one by one.
    """
    ordered = sorted({-1, *kept})
    try:
        for low, high in zip(ordered, [*ordered[1:], _LAST + 1], strict=True):
            if low + 1 < high:
                _call("close_range", _CLOSE_RANGE, low + 1, high - 1, 0)
        return
    except OSError:
        pass
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208
    except OSError:
        numbers = list(range(os.sysconf("SC_OPEN_MAX")))
    for number in numbers:
        if number not in kept:
            with contextlib.suppress(OSError):
                os.close(number)


def unnamed_file(folder: str) -> int:
    """Return an empty file that has no name, closed on exec: in memory, or in `folder` where that is refused.

    Raises:
        OSError: there is room in neither.
    """
    try:
        return os.memfd_create("payload", os.MFD_CLOEXEC)
    except (OSError, AttributeError):
        file, path = tempfile.mkstemp(dir=folder)
        os.unlink(path)  # noqa: PTH108
        return file


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _call(name: str, number: int, *arguments: int) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result
