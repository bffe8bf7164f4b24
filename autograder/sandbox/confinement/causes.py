"""Why a machine lacks what grading needs: the kernel, its boot options, a container's profile, or no real kernel.

Owns `Cause` and how it is told from an errno and the machine's own files. Words for people are in
`autograder.remedies`, one entry for each cause.
"""

from __future__ import annotations

import errno
import platform
import re
from enum import StrEnum
from pathlib import Path

__all__ = ["Cause", "cause_of", "is_filtered", "is_gvisor", "kernel_version"]

_GVISOR = ("gvisor", "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016")
"""What /proc/version says there: ``4.19.0-gvisor`` since 2026, before that one fixed line."""

_FIRST_KERNEL = {"landlock": (5, 13), "seccomp": (3, 17), "pidfd": (5, 3), "subreaper": (3, 4)}
"""Since which kernel there is what grading needs: landlock(7), seccomp(2), pidfd_open(2), prctl(2)."""


class Cause(StrEnum):
    """Why something needed is missing; a stable code."""

    NOT_LINUX = "not-linux"
    """No Linux at all: macOS, Windows."""
    ARCHITECTURE = "architecture"
    """A processor whose system call numbers this program does not know."""
    KERNEL_OLD = "kernel-old"
    """A kernel from before it."""
    GVISOR = "gvisor"
    """No Linux kernel but gVisor, which has no Landlock."""
    LANDLOCK_OFF = "landlock-off"
    """Built in, but not in the list of security modules at boot."""
    NOT_BUILT = "not-built"
    """A kernel that is new enough, built without it."""
    PROFILE = "container-profile"
    """A system call filter around this process, as a container's, refuses it."""
    DESCRIPTORS = "descriptors"
    """A hard limit of open files that is too low."""
    PROC = "proc-missing"
    """/proc is not mounted, or hides other processes."""


_OWN = {"proc": Cause.PROC, "descriptors": Cause.DESCRIPTORS}
"""What has one cause only."""


def cause_of(name: str, code: int) -> Cause:
    """Return why a capability is missing.

    Args:
        name: see `capability.ADVICE`.
        code: the errno that trying it ended with, 0 if there was none.
    """
    if is_gvisor():
        return Cause.GVISOR
    if name in _OWN:
        return _OWN[name]
    if name == "landlock" and code == errno.EOPNOTSUPP:
        return Cause.LANDLOCK_OFF
    if kernel_version() < _FIRST_KERNEL.get(name, (0, 0)):
        return Cause.KERNEL_OLD
    # A container engine answers ENOSYS for a call that is newer than its profile, so that libraries fall back.
    return Cause.NOT_BUILT if code in (errno.ENOSYS, errno.EINVAL) and not is_filtered() else Cause.PROFILE


def is_gvisor(version: Path = Path("/proc/version")) -> bool:
    """Whether the kernel is gVisor's."""
    try:
        text = version.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = platform.release()
    return _GVISOR[0] in text.lower() or text.startswith(_GVISOR[1])


def is_filtered(status: Path = Path("/proc/self/status")) -> bool:
    """Whether this process runs under a system call filter already, as in a container."""
    try:
        return "\nSeccomp:\t2" in status.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def kernel_version(release: str = "") -> tuple[int, int]:
    """Return the kernel's version; (0, 0) where its release does not say."""
    found = re.match(r"(\d+)\.(\d+)", release or platform.release())
    return (int(found[1]), int(found[2])) if found else (0, 0)
