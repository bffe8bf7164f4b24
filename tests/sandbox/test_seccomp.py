"""The system call filter as a program: interpreted here, so that both architectures are checked on any machine."""

from __future__ import annotations

import functools
import platform
import re
import struct
from pathlib import Path

import pytest

from autograder.sandbox.confinement import policy
from autograder.sandbox.confinement.policy import ALLOW, DENY, KILL, MISSING, NOTIFY, PRETEND
from autograder.sandbox.confinement.seccomp import Filter, Notice, compile_filter
from autograder.sandbox.confinement.syscalls import AUDIT_ARCH, last_known, numbers

MACHINES = ("x86_64", "aarch64")
ENOTTY = 0x00050000 | 25


def decide(compiled: Filter, machine: str, number: int, *arguments: int, arch: int | None = None, pid: int = 77) -> int:
    """Interpret the program as the kernel does (Documentation/networking/filter.rst)."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<iIQ6Q", number, arch or AUDIT_ARCH[machine], 0, *(a & (2**64 - 1) for a in padded))
    program = list(struct.iter_unpack("<HBBI", compiled.packed(pid)))
    accumulator = place = 0
    while True:
        code, jump_true, jump_false, k = program[place]
        place += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif code == 0x54:
            accumulator &= k
        elif code == 0x05:
            place += k
        elif code == 0x15:
            place += jump_true if accumulator == k else jump_false
        elif code == 0x35:
            place += jump_true if accumulator >= k else jump_false
        else:
            assert code == 0x06
            return int(k)


@functools.cache
def compiled(machine: str, *, landlock_abi: int = 7, notify: bool = True, device: str = "cpu") -> Filter:
    return compile_filter(policy.system_calls(landlock_abi=landlock_abi, notify=notify, device=device), machine)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the headers checked are those of x86_64")
def test_the_numbers_are_those_of_the_headers() -> None:
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    found = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text(encoding="utf-8")))
    table = numbers("x86_64")
    common = set(found) & set(table)
    assert len(common) > 300
    assert {name: table[name] for name in common} == {name: int(found[name]) for name in common}


def test_some_numbers_of_aarch64_are_as_published() -> None:
    table = numbers("aarch64")
    known = {"openat": 56, "read": 63, "exit": 93, "clone": 220, "execve": 221, "mmap": 222, "seccomp": 277, "bpf": 280}
    assert {name: table[name] for name in known} == known
    assert "fork" not in table
    assert "open" not in table


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("landlock_abi", [0, pytest.param(3, marks=pytest.mark.soak), 7])
def test_every_call_answers_as_the_policy_says(machine: str, landlock_abi: int) -> None:
    calls = policy.system_calls(landlock_abi=landlock_abi, notify=True)
    program = compile_filter(calls, machine)
    assert len(program.program) < 1000
    for name, number in numbers(machine).items():
        action = calls.get(name, DENY)
        if isinstance(action, int):
            assert decide(program, machine, number) == action, name


@pytest.mark.parametrize("machine", MACHINES)
def test_a_number_nobody_knows_does_not_exist_and_a_gap_is_forbidden(machine: str) -> None:
    program = compiled(machine)
    for number in (last_known(machine) + 1, 10_000, 0x40000000, 0x40000000 | 59, 0x7FFFFFFF, -1):
        assert decide(program, machine, number) == MISSING
    assert decide(program, machine, 423) == DENY  # between the old table and the common one


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_kills(machine: str) -> None:
    for arch in (0x40000003, 0x40000028, next(v for k, v in AUDIT_ARCH.items() if k != machine)):
        assert decide(compiled(machine), machine, 0, arch=arch) == KILL


LIBC_THREAD = 0x3D0F00
LIBC_FORK = 0x01200011
CLONES = [
    ((LIBC_THREAD,), ALLOW),
    ((LIBC_FORK,), NOTIFY),
    ((17,), NOTIFY),
    ((LIBC_FORK | 1 << 40,), NOTIFY),  # the kernel reads 32 bits
    ((0x4111,), DENY),  # vfork
    ((LIBC_FORK | 0x8000,), DENY),  # CLONE_PARENT: a child of the fork server
    ((LIBC_FORK | 0x2000,), DENY),  # CLONE_PTRACE
    *(
        ((flag | base,), DENY)
        for base in (LIBC_FORK, LIBC_THREAD)
        for flag in (0x20000, *(1 << b for b in range(25, 31)))
    ),
]
RULES = [
    *(("clone", *row) for row in CLONES),
    ("prctl", (1, 9), ALLOW),
    ("prctl", (1, 0), DENY),
    ("prctl", (1, 15), DENY),
    ("prctl", (15,), ALLOW),
    ("prctl", (4, 1), DENY),
    ("prctl", (22, 0), DENY),
    ("prctl", (36, 1), DENY),
    ("prlimit64", (0, 9), ALLOW),
    ("prlimit64", (0, 0, 0), ALLOW),
    ("prlimit64", (0, 0, 4096), DENY),
    ("prlimit64", (0, 7, 4096), ALLOW),
    ("setrlimit", (0, 4096), DENY),
    ("setrlimit", (7, 4096), ALLOW),
    ("kill", (5, 9), DENY),
    ("kill", (5, 2), ALLOW),
    ("tkill", (5, 9), DENY),
    ("tgkill", (5, 5, 9), DENY),
    ("tgkill", (5, 5, 15), ALLOW),
    ("prlimit64", (1, 9), DENY),
    ("sched_setaffinity", (0,), ALLOW),
    ("sched_setaffinity", (2,), DENY),
    ("socketpair", (1, 1), ALLOW),
    ("socketpair", (1, 1 | 0o2000000), ALLOW),
    ("socketpair", (1, 5), ALLOW),
    ("socketpair", (1, 2), DENY),
    ("socketpair", (2, 1), DENY),
    ("socketpair", (16, 3), DENY),
    ("socket", (1, 1), DENY),
    ("setsockopt", (0, 1, 20), ALLOW),
    ("setsockopt", (0, 1, 7), DENY),
    ("getpgid", (0,), ALLOW),
    ("getpgid", (77,), ALLOW),
    ("getpgid", (78,), DENY),
    ("getpriority", (0, 77), ALLOW),
    ("getpriority", (1, 0), DENY),
    ("fallocate", (3, 0, 0, 9), 0x00050000 | 95),
    ("clock_gettime", (1,), ALLOW),
    ("clock_gettime", (3,), ALLOW),
    ("clock_gettime", ((~77 << 3 | 2) & 0xFFFFFFFF,), DENY),
    ("clock_nanosleep", ((~1 << 3 | 2) & 0xFFFFFFFF,), DENY),
    ("landlock_add_rule", (3, 1), DENY),
    ("landlock_create_ruleset", (0, 0, 1), ALLOW),
    ("landlock_restrict_self", (3, 0), NOTIFY),
    ("setsockopt", (0, 1, 26), DENY),  # SO_ATTACH_FILTER
    ("setsockopt", (0, 6, 7), DENY),
    ("ioctl", (0, 0x5401), ALLOW),
    ("ioctl", (0, 0x5412), ENOTTY),
    ("ioctl", (0, 0x5412 | 1 << 32), ENOTTY),
    ("fcntl", (0, 3), ALLOW),
    ("fcntl", (0, 8), DENY),
    ("fcntl", (0, 1024), DENY),
    ("kill", (5,), ALLOW),
    ("chmod", (), PRETEND),
    ("fchmodat", (), PRETEND),
    ("clone3", (), MISSING),
    ("truncate", (), ALLOW),
    ("open", (0, 0o1000), ALLOW),
]
NEVER = """
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd pidfd_send_signal mount
umount2 pivot_root chroot move_mount open_tree fsopen fsmount fsconfig mount_setattr unshare setns keyctl
add_key request_key bpf userfaultfd io_uring_setup io_uring_enter io_uring_register perf_event_open
kexec_load init_module finit_module delete_module reboot swapon acct settimeofday clock_settime sethostname
syslog open_by_handle_at name_to_handle_at fanotify_init inotify_init1 inotify_add_watch shmget shmat semget
msgget mq_open setpriority ioprio_set sched_setscheduler sched_setattr migrate_pages move_pages setuid setgid
setresuid setresgid setgroups capset personality seccomp execve execveat setsid setpgid memfd_create
memfd_secret socket connect bind listen accept accept4 symlinkat mknodat setxattr removexattr rt_sigqueueinfo
rt_tgsigqueueinfo vmsplice splice tee sync syncfs quotactl nfsservctl
"""


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("name", "arguments", "expected"), RULES)
def test_arguments_decide(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    if name in numbers(machine):
        assert decide(compiled(machine), machine, numbers(machine)[name], *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_dangerous_is_denied_whatever_the_device(machine: str) -> None:
    for device in ("cpu", "cuda"):
        program = compiled(machine, device=device)
        for name in NEVER.split():
            if name in numbers(machine) and (device, name) != ("cuda", "memfd_create"):  # CUDA needs it at its start
                assert decide(program, machine, numbers(machine)[name]) == DENY, name


@pytest.mark.parametrize("machine", MACHINES)
def test_below_abi_6_only_own_threads_are_signalled(machine: str) -> None:
    program, table = compiled(machine, landlock_abi=5), numbers(machine)
    assert decide(program, machine, table["kill"], 76) == DENY
    assert decide(program, machine, table["kill"], -1) == DENY
    assert decide(program, machine, table["kill"], 77, pid=77) == ALLOW
    assert decide(program, machine, table["tkill"], 77) == DENY
    assert decide(program, machine, table["tgkill"], 77, 78, pid=77) == ALLOW
    assert decide(program, machine, table["tgkill"], 76, 76, pid=77) == DENY


@pytest.mark.parametrize("machine", MACHINES)
def test_below_abi_3_nothing_is_truncated_without_being_opened_for_writing(machine: str) -> None:
    program, table = compiled(machine, landlock_abi=2), numbers(machine)
    assert decide(program, machine, table["truncate"]) == DENY
    assert decide(program, machine, table["openat"], 0, 0, 0o1000) == DENY
    assert decide(program, machine, table["openat"], 0, 0, 0o1001) == ALLOW
    assert decide(program, machine, table["openat"], 0, 0, 0) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_without_a_listener_forks_are_denied(machine: str) -> None:
    program = compiled(machine, notify=False)
    assert not program.notifies
    assert decide(program, machine, numbers(machine)["clone"], LIBC_FORK) == DENY


def test_only_what_libc_asks_for_is_a_plain_fork() -> None:
    clone = numbers(platform.machine())["clone"]
    assert Notice(1, 2, clone, LIBC_FORK).is_plain_fork
    assert not Notice(1, 2, clone, 17).is_plain_fork
    assert not Notice(1, 2, clone, LIBC_FORK | 0x100).is_plain_fork
    assert not Notice(1, 2, 999, LIBC_FORK).is_plain_fork
