"""Forking by the system call alone, with the new process as a sibling."""

from __future__ import annotations

import ctypes
import os
import platform

from autograder.sandbox.confinement import policy
from autograder.sandbox.confinement.syscalls import numbers

__all__ = ["fork"]


def fork() -> int:
    """Fork by the system call alone, with the new process as a sibling; only for a process of one thread.

    No hook runs, neither Python's nor libc's, so that nothing of a notebook's is in the way; one thread holds no lock
    that another would have to release. `PyDLL` keeps the interpreter's own lock over the call.
    """
    known = numbers(platform.machine())
    pid = int(_this.syscall(ctypes.c_long(known["clone"]), ctypes.c_long(policy.SIBLING), *[ctypes.c_long(0)] * 4))
    if pid < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"clone: {os.strerror(code)}")
    return pid


_this = ctypes.PyDLL(None, use_errno=True)
_this.syscall.restype = ctypes.c_long
