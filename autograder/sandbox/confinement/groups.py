"""A control group of its own for each sandbox, where this process may make one: memory and processes, by the kernel.

The judge looks at a sandbox four times a second, and at what it can see. A group counts at once, and what nobody looks
at too: page tables, buffers of sockets, files of a tmpfs. It is used without being asked for where version 2 is mounted
and this process's own group is delegated to it, by systemd (``Delegate=yes``) or by a container engine. Owns finding
that group, the groups in it, and their end. Refuses to touch any group but its own and those below it; where anything
is missing, `open_groups` says what and grading goes on as before.

Source: Documentation/admin-guide/cgroup-v2.rst.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox.confinement import policy

__all__ = ["Group", "Groups", "NoGroups", "ceiling", "look", "open_groups", "own_group"]

_SUPERVISOR = "autograder-supervisor"
"""Where the grader's own processes go: a group that hands controllers on can have no processes in it."""
_SANDBOX = "autograder-sandbox-"
_KERNEL_MB = 256
"""What a sandbox takes besides: page tables of five processes, its stacks, pages of libraries that it writes to."""
_MOST_PROCESSES = 1024
"""Threads and processes of one sandbox; a uid of its own may have 256 (`policy`)."""


class NoGroups(Exception):  # noqa: N818  an answer, not an error
    """There are no groups to be had here; the text says why, in English, for `doctor` and the record."""


def ceiling(limits: Limits) -> int:
    """Return the bytes a sandbox's group may hold.

    More than the judge's watch allows: it is for what comes between two looks and for what the watch does not see.
    The folder's files and the copies that a question's branch makes of them are pages too where it is a tmpfs.
    """
    return (policy.MOST_TOGETHER * limits.memory_mb + 2 * limits.scratch_mb + _KERNEL_MB) << 20


@dataclass(frozen=True, slots=True)
class Group:
    """The group of one sandbox."""

    path: Path

    def limit(self, limits: Limits) -> None:
        """Set what its processes may hold together; raises OSError."""
        _write(self.path / "memory.max", str(ceiling(limits)))
        for name, value in (("memory.swap.max", "0"), ("pids.max", str(_MOST_PROCESSES))):
            with contextlib.suppress(FileNotFoundError):  # no swap accounting, or no pids controller
                _write(self.path / name, value)

    def take(self, pid: int) -> None:
        """Put a process into it, before it has forked; raises OSError."""
        _write(self.path / "cgroup.procs", str(pid))

    def ended_for_memory(self) -> int:
        """Return how many of its processes the kernel has killed because it was full."""
        try:
            lines = (self.path / "memory.events").read_text(encoding="ascii").splitlines()
        except OSError:
            return 0
        counts = dict(line.split(maxsplit=1) for line in lines if " " in line)
        return int(counts.get("oom_kill", 0))

    def remove(self) -> None:
        """Kill whatever is left in it and remove it; a group that cannot be removed yet is left to `Groups.close`."""
        with contextlib.suppress(OSError):
            _write(self.path / "cgroup.kill", "1")  # since Linux 5.14
        with contextlib.suppress(OSError):
            self.path.rmdir()


@dataclass(frozen=True, slots=True)
class Groups:
    """Makes groups below this process's own."""

    own: Path

    def make(self) -> Group:
        """Return a new group, without limits yet; raises OSError."""
        path = self.own / f"{_SANDBOX}{os.getpid()}-{secrets.token_hex(6)}"
        path.mkdir(mode=0o755)
        return Group(path)

    def close(self) -> None:
        """Remove what is left of this process's groups."""
        for path in self.own.glob(f"{_SANDBOX}{os.getpid()}-*"):
            Group(path).remove()


def own_group(membership: str, mounts: str) -> Path:
    """Return the folder of this process's group of version 2.

    Args:
        membership: the text of /proc/self/cgroup.
        mounts: the text of /proc/self/mountinfo (proc(5)).

    Raises:
        NoGroups: version 2 is not mounted where this process could see its group.
    """
    own = next((line.removeprefix("0::") for line in membership.splitlines() if line.startswith("0::")), None)
    if own is None:
        raise NoGroups("no cgroup v2")
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if after.split(" ", 1)[0] != "cgroup2":
            continue
        root, mount = (part.encode().decode("unicode_escape") for part in before.split()[3:5])
        # A container may see its own group as the root, or the host's with its own below.
        if own == root or own.startswith(root.rstrip("/") + "/"):
            return Path(mount + own[len(root.rstrip("/")) :])
    raise NoGroups("cgroup v2 is not mounted here")


def open_groups(family: Iterable[int], own: Path | None = None) -> Groups:
    """Return the maker of groups for this process, after its own group was made to hand controllers on.

    Args:
        family: the grader's own processes, which move one level down if they are in the way of that.
        own: the group; found if None.

    Raises:
        NoGroups: why there are none: no version 2, no memory controller, not delegated, or other processes in the way.
    """
    own = _find() if own is None else own
    try:
        _hand_on(own, family)
        groups = Groups(own)
        groups.make().remove()
        _sweep(own)
    except OSError as error:
        raise NoGroups(f"{own}: {error.strerror or error}") from error
    return groups


def look(own: Path | None = None) -> tuple[bool, str]:
    """Return whether `open_groups` would succeed for this process alone, and the group or why not; moves nothing."""
    try:
        own = _find() if own is None else own
        if "memory" not in _words(own / "cgroup.controllers"):
            return False, f"{own}: no memory controller"
        handed_on = "memory" in _words(own / "cgroup.subtree_control")
        if not handed_on and {int(pid) for pid in _words(own / "cgroup.procs")} - {os.getpid()}:
            return False, f"{own}: other processes are in it"
        Groups(own).make().remove()
    except NoGroups as none:
        return False, str(none)
    except OSError as error:
        return False, f"{own}: {error.strerror or error}"
    return True, str(own)


def _find() -> Path:
    """Return this process's own group, or the one above where it has stepped aside already; raises NoGroups."""
    try:
        texts = [Path(f"/proc/self/{name}").read_text(encoding="utf-8") for name in ("cgroup", "mountinfo")]
    except OSError as error:
        raise NoGroups(str(error)) from error
    own = own_group(*texts)
    return own.parent if own.name == _SUPERVISOR else own


def _sweep(own: Path) -> None:
    """Remove the empty groups of fork servers that are no more."""
    for path in own.glob(f"{_SANDBOX}*"):
        maker = path.name.removeprefix(_SANDBOX).partition("-")[0]
        if not Path(f"/proc/{maker}").exists():
            with contextlib.suppress(OSError):
                path.rmdir()


def _hand_on(own: Path, family: Iterable[int]) -> None:
    """Have groups below `own` count memory and processes; raises OSError, NoGroups."""
    if "memory" not in _words(own / "cgroup.controllers"):
        raise NoGroups(f"{own}: no memory controller")
    control = own / "cgroup.subtree_control"
    if "memory" not in _words(control):
        try:
            _write(control, "+memory")
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            _step_aside(own, family)
            _write(control, "+memory")
    with contextlib.suppress(OSError):
        _write(control, "+pids")


def _step_aside(own: Path, family: Iterable[int]) -> None:
    """Move our processes out of `own`; raises NoGroups if others are in it, which are not ours to move."""
    ours = set(family)
    inside = {int(pid) for pid in _words(own / "cgroup.procs")}
    if inside - ours:
        raise NoGroups(f"{own}: other processes are in it")
    supervisor = own / _SUPERVISOR
    supervisor.mkdir(mode=0o755, exist_ok=True)
    for pid in inside:
        with contextlib.suppress(ProcessLookupError):
            _write(supervisor / "cgroup.procs", str(pid))


def _words(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").split()


def _write(path: Path, text: str) -> None:
    """Write to a file of the kernel's, which is there already; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode("ascii"))
    finally:
        os.close(descriptor)
