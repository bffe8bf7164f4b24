"""Landlock by ctypes: rulesets over files, TCP, abstract sockets and signals, for ABI 1 and later.

Owns the three system calls and which rights each ABI knows. Decides nothing about which paths: `reach` does.
Source: linux/landlock.h, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from enum import IntFlag

__all__ = ["READ", "SCRATCH", "SINK", "Right", "Ruleset", "abi", "require"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION = 1
_PATH_BENEATH = 1
_NET_ALL = 3  # BIND_TCP, CONNECT_TCP
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2
_LOG_SAME_EXEC_OFF = 1  # from ABI 7: what student code is refused does not fill the audit log
_PR_SET_NO_NEW_PRIVS = 38


class Right(IntFlag):
    """File system rights, LANDLOCK_ACCESS_FS_*."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


READ = Right.READ_FILE | Right.READ_DIR
SCRATCH = READ | Right.WRITE_FILE | Right.TRUNCATE | Right.REFER
SCRATCH |= Right.MAKE_DIR | Right.MAKE_REG | Right.REMOVE_DIR | Right.REMOVE_FILE
"""A folder to work in: no links to elsewhere, sockets, pipes or devices are made there, nothing is executed."""

SINK = Right.READ_FILE | Right.WRITE_FILE | Right.TRUNCATE | Right.IOCTL_DEV
"""A device file such as /dev/null."""

_ON_FILES = Right.EXECUTE | SINK


def abi() -> int:
    """Return the kernel's Landlock ABI, 0 if there is none or it is disabled."""
    try:
        return require()
    except OSError:
        return 0


def require() -> int:
    """Return the kernel's Landlock ABI.

    Raises:
        OSError: ENOSYS: there is none; EOPNOTSUPP: it was not enabled at boot; another: somebody refuses it.
    """
    return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))


class Ruleset:
    """Rules to be enforced together; what is handled and not allowed is refused. Close it after use.

    Args:
        version: ABI to use, at most the kernel's.
        files: handle every file system right the ABI has.
        network: refuse TCP bind and connect (ABI 4).
        scopes: no signals to and no abstract sockets of processes outside (ABI 6).

    Raises:
        OSError: the kernel refused.
    """

    def __init__(self, version: int, *, files: bool = True, network: bool = True, scopes: bool = True) -> None:
        self.version = version
        self.handled = _rights(version) if files else Right(0)
        net = _NET_ALL if network and version >= 4 else 0
        scope = (_SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS) if scopes and version >= 6 else 0
        attributes = struct.pack("=QQQ", self.handled, net, scope)[: _attribute_size(version)]
        self.fd = _call(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
        os.set_inheritable(self.fd, False)

    def allow(self, path: str, rights: Right) -> bool:
        """Allow rights on a file, or on a folder and all below it. False if it does not exist.

        Raises:
            OSError: the kernel refused the rule.
        """
        try:
            target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP):
                return False
            raise
        try:
            if not stat.S_ISDIR(os.fstat(target).st_mode):
                rights &= _ON_FILES
            rule = struct.pack("=Qi", rights & self.handled, target)
            _call(_ADD, ctypes.c_int(self.fd), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
        finally:
            os.close(target)
        return True

    def restrict(self) -> None:
        """Enforce the rules on the calling thread and all it starts, for good; sets no_new_privs.

        Raises:
            OSError: the kernel refused.
        """
        if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise _failure("prctl")
        flags = _LOG_SAME_EXEC_OFF if self.version >= 7 else 0
        _call(_RESTRICT, ctypes.c_int(self.fd), ctypes.c_uint32(flags))

    def close(self) -> None:
        """Close the ruleset's descriptor."""
        os.close(self.fd)


def _rights(version: int) -> Right:
    bits = 16 if version >= 5 else 15 if version >= 3 else 12 + version
    return Right((1 << bits) - 1)


def _attribute_size(version: int) -> int:
    return 24 if version >= 6 else 16 if version >= 4 else 8


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise _failure("landlock")
    return result


def _failure(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")
