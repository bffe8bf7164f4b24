"""Giving up root: a uid of the sandbox's own, no capabilities, an empty bounding set.

Owns setuid and capabilities. Source: capabilities(7), capset(2), prctl(2).
"""

from __future__ import annotations

import ctypes
import os
import struct

__all__ = ["become_subreaper", "die_with_parent", "drop", "forbid_gains", "strip"]

_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 8, 38, 47
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_READ_SEARCH = 2
_LAST_CAPABILITY = 63
_SIGKILL = 9


def drop(uid: int, *, keep_read: bool) -> None:
    """Become `uid` in every sense, with the group of the same number, no others, and no capability.

    Args:
        uid: the new user.
        keep_read: keep CAP_DAC_READ_SEARCH alone, for a Python environment in somebody's private folder; Landlock
            limits what is read all the same.

    Raises:
        OSError: the kernel refused; the process must not go on.
    """
    _empty_bounding_set()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    _prctl(_PR_SET_KEEPCAPS, 1 if keep_read else 0)
    os.setresuid(uid, uid, uid)
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keep_read else 0)
    _prctl(_PR_SET_KEEPCAPS, 0)
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (uid, uid, uid):
        raise PermissionError("the user did not change")


def strip() -> None:
    """Give up every capability at the present uid; a root that may not change its user keeps only file ownership.

    Raises:
        OSError: the kernel refused.
    """
    if os.geteuid() == 0:
        _empty_bounding_set()
    _set_capabilities(0)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent `parent` ends; raises if that is gone already.

    Changing the uid clears this, so it comes after.
    """
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the parent ended")


def forbid_gains() -> None:
    """Set no_new_privs."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def become_subreaper() -> None:
    """Inherit every orphan among this process's descendants."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _empty_bounding_set() -> None:
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            # One that is not in it is left: a root without any capability, as in some containers, may drop none.
            if _prctl(_PR_CAPBSET_READ, capability):
                _prctl(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            return  # EINVAL: beyond the kernel's last one


def _set_capabilities(mask: int) -> None:
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    sets = struct.pack("=6I", mask, mask, 0, 0, 0, 0)  # effective, permitted, inheritable: low words, high words
    if _libc.capset(header, sets) != 0:
        raise _failure("capset")


_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, argument: int) -> int:
    zero = ctypes.c_ulong(0)
    result = int(_libc.prctl(option, ctypes.c_ulong(argument), zero, zero, zero))
    if result < 0:
        raise _failure(f"prctl({option})")
    return result


def _failure(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")
