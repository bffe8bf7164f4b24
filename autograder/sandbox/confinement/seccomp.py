"""System call filters without libseccomp: a small BPF assembler, loading, and answering for forks.

Owns the translation of `policy.system_calls` into classic BPF, the seccomp() call, and the judge's end of
SECCOMP_RET_USER_NOTIF. Decides nothing about what is allowed. Sources: linux/filter.h, linux/seccomp.h,
Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from autograder.sandbox.confinement import policy, privileges
from autograder.sandbox.confinement.policy import Rule, When
from autograder.sandbox.confinement.syscalls import AUDIT_ARCH, last_known, numbers

__all__ = ["Filter", "Notice", "answer", "compile_filter", "load", "receive", "user_notif_available"]

# classic BPF: instruction classes, then jt, jf, k
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP, _JUMP_EQUAL, _JUMP_AT_LEAST = 0x05, 0x15, 0x35
_NR, _ARCH, _ARGS = 0, 4, 16  # offsets in struct seccomp_data; both architectures are little-endian

_SET_MODE_FILTER, _GET_NOTIF_SIZES = 1, 3
_FLAG_NEW_LISTENER = 1 << 3
_NOTIF_RECV, _NOTIF_SEND = 0xC0502100, 0xC0182101
_NOTIF_SIZE, _RESPONSE_SIZE = 80, 24
_CONTINUE = 1
_TRIAL_SECONDS = 10.0
"""Wall-clock seconds for a child to ask for one system call, which takes it a millisecond."""

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled program. `notifies` tells whether loading it yields a listener."""

    program: tuple[Instruction, ...]
    notifies: bool

    def packed(self, own_pid: int = 0) -> bytes:
        """Return the program as an array of struct sock_filter, with `own_pid` where a rule asks for it."""
        return b"".join(
            struct.pack("<HBBI", code, jt, jf, own_pid if k == policy.OWN_PID else k)
            for code, jt, jf, k in self.program
        )


def compile_filter(calls: Mapping[str, int | Rule], machine: str | None = None) -> Filter:
    """Compile a policy for one architecture (default: this machine's).

    The number is found by a balanced tree of comparisons, and the kernel keeps a bitmap of the numbers that are
    always allowed, so that the filter does not even run for them. A wrong architecture kills the process; x32 calls
    have numbers beyond the table and do not exist.

    Raises:
        KeyError: the architecture is not in `syscalls`.
    """
    machine = machine or platform.machine()
    known = numbers(machine)
    actions: list[int | Rule] = [policy.DENY] * (last_known(machine) + 1)
    for name, action in calls.items():
        if name in known:
            actions[known[name]] = action
    actions.append(policy.MISSING)
    starts = [i for i, action in enumerate(actions) if i == 0 or action != actions[i - 1]]
    program = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, policy.KILL),
        (_LOAD, 0, 0, _NR),
        *_tree([(start, actions[start]) for start in starts]),
    ]
    notifies = any(code == _RETURN and k == policy.NOTIFY for code, _, _, k in program)
    return Filter(tuple(program), notifies)


def load(compiled: Filter) -> int | None:
    """Put the calling thread and what it starts under the filter, for good; no_new_privs must be set.

    Returns:
        The listener's descriptor if the filter notifies, else None.

    Raises:
        OSError: the kernel refused.
    """
    code = compiled.packed(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(compiled.program), ctypes.addressof(buffer))
    flags = _FLAG_NEW_LISTENER if compiled.notifies else 0
    result = _seccomp(_SET_MODE_FILTER, flags, header)
    if not compiled.notifies:
        return None
    os.set_inheritable(result, False)
    return result


def user_notif_available() -> bool:
    """Whether a system call of another process can be handed to this one: tried with a child, in milliseconds.

    A kernel before 5.6 cannot do it, nor one with other sizes than this module was written for. A container may refuse
    it, and where somebody further out listens already there is no second listener (EBUSY).
    """
    try:
        sizes = ctypes.create_string_buffer(6)
        _seccomp(_GET_NOTIF_SIZES, 0, sizes)
        if struct.unpack("=3H", sizes.raw)[:2] != (_NOTIF_SIZE, _RESPONSE_SIZE):
            return False
        return _answers_a_child()
    except OSError:
        return False


def _answers_a_child() -> bool:
    """Fork a child that asks for one system call, and let it through; returns whether it went on."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        pid = os.fork()
        if pid == 0:
            _ask_one_call(there)
        there.close()
        try:
            here.settimeout(_TRIAL_SECONDS)
            listeners = socket.recv_fds(here, 1, 1)[1]
            if not listeners:
                return False
            try:
                poll = select.poll()
                poll.register(listeners[0], select.POLLIN)
                notice = receive(listeners[0]) if poll.poll(_TRIAL_SECONDS * 1000) else None
                # Its end closes the socket, and comes only after the answer.
                return notice is not None and answer(listeners[0], notice, allow=True) and here.recv(1) == b"2"
            finally:
                os.close(listeners[0])
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _ask_one_call(there: socket.socket) -> NoReturn:
    """In the child: hand out a listener for getppid(2), call it, and say that it came back."""
    try:
        asked = numbers(platform.machine())["getppid"]
        program = ((_LOAD, 0, 0, _NR), (_JUMP_EQUAL, 0, 1, asked), (_RETURN, 0, 0, policy.NOTIFY))
        privileges.forbid_gains()
        listener = load(Filter((*program, (_RETURN, 0, 0, policy.ALLOW)), notifies=True))
        if listener is not None:
            socket.send_fds(there, [b"1"], [listener])
            os.close(listener)
            os.getppid()
            there.send(b"2")
    finally:
        os._exit(0)


@dataclass(frozen=True, slots=True)
class Notice:
    """A system call that waits for an answer. `thread` is the caller's thread id in the reader's pid namespace."""

    id: int
    thread: int
    number: int
    flags: int

    @property
    def is_plain_fork(self) -> bool:
        """Whether this is exactly what libc's fork() asks for: no flag that would hide or detach the child."""
        known = numbers(platform.machine())
        if self.number == known.get("fork"):
            return True
        return self.number == known["clone"] and self.flags == _LIBC_FORK

    @property
    def is_sibling(self) -> bool:
        """Whether it is a fork whose child belongs to the caller's own parent, see `policy.SIBLING`."""
        return self.number == numbers(platform.machine())["clone"] and self.flags == policy.SIBLING

    @property
    def is_restriction(self) -> bool:
        """Whether it is Landlock's, to be enforced on the caller for good."""
        return self.number == numbers(platform.machine())["landlock_restrict_self"]


_LIBC_FORK = 0x01200000 | 17  # CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, SIGCHLD


def receive(listener: int) -> Notice | None:
    """Take the next notice from a listener that is ready, or None if its caller is gone meanwhile."""
    buffer = bytearray(_NOTIF_SIZE)
    try:
        fcntl.ioctl(listener, _NOTIF_RECV, buffer, True)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return None
        raise
    identity, thread, _flags, number = struct.unpack_from("<QIIi", buffer)
    (first,) = struct.unpack_from("<Q", buffer, 16 + _ARGS)
    return Notice(identity, thread, number, first & 0xFFFFFFFF)


def answer(listener: int, notice: Notice, *, allow: bool) -> bool:
    """Let the call through or fail it with EPERM; False if the caller is gone or was interrupted and will ask again."""
    response = struct.pack("<QqiI", notice.id, 0, 0 if allow else -errno.EPERM, _CONTINUE if allow else 0)
    try:
        fcntl.ioctl(listener, _NOTIF_SEND, response)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINPROGRESS):
            return False
        raise
    return True


def _tree(ranges: list[tuple[int, int | Rule]]) -> list[Instruction]:
    """Return code that finds the range the number in the accumulator lies in; ranges are (first number, action)."""
    if len(ranges) == 1:
        action = ranges[0][1]
        return _rule(action) if isinstance(action, Rule) else [(_RETURN, 0, 0, action)]
    middle = len(ranges) // 2
    below, above = _tree(ranges[:middle]), _tree(ranges[middle:])
    if len(below) < 256:
        return [(_JUMP_AT_LEAST, len(below), 0, ranges[middle][0]), *below, *above]
    return [(_JUMP_AT_LEAST, 0, 1, ranges[middle][0]), (_JUMP, 0, 0, len(below)), *below, *above]


def _rule(rule: Rule) -> list[Instruction]:
    """Return code for the cases in order; each ends in a return, and falls through when a condition fails."""
    code: list[Instruction] = []
    for conditions, action in rule.cases:
        case: list[Instruction] = [(_RETURN, 0, 0, action)]
        for condition in reversed(conditions):
            case = _condition(condition, len(case)) + case
        code += case
    return [*code, (_RETURN, 0, 0, rule.otherwise)]


def _condition(when: When, rest: int) -> list[Instruction]:
    """Return code that goes on if the condition holds and jumps over the `rest` instructions of its case if not."""
    head: list[Instruction] = [(_LOAD, 0, 0, _ARGS + 8 * when.arg)]
    if when.mask != 0xFFFFFFFF:
        head.append((_AND, 0, 0, when.mask))
    last = len(when.values) - 1
    return head + [(_JUMP_EQUAL, last - i, 0 if i < last else rest, value) for i, value in enumerate(when.values)]


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _seccomp(operation: int, flags: int, argument: object) -> int:
    number = ctypes.c_long(numbers(platform.machine())["seccomp"])
    result = int(_libc.syscall(number, ctypes.c_uint(operation), ctypes.c_uint(flags), argument))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
    return result
