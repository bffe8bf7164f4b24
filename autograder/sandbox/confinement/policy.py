"""The confinement policy as data: system calls, their arguments, paths, limits and the environment.

Owns every decision about what student code may do. Refuses to apply anything: `seccomp`, `landlock` and `confine` do.
The system call policy is a list of what is allowed. Of the rest, a call this program has a number for answers EPERM and
one it has never heard of answers ENOSYS, so that a newer libc falls back to an older call.
"""

from __future__ import annotations

import dataclasses
import errno
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.model import Limits

__all__ = [
    "ALLOW",
    "DEFAULT_PRELOAD",
    "DENY",
    "DESCRIPTORS",
    "KILL",
    "MISSING",
    "MOST_BRANCHES",
    "MOST_TOGETHER",
    "NOTIFY",
    "OWN_PID",
    "PRETEND",
    "SIBLING",
    "Confinement",
    "Rule",
    "When",
    "rlimits",
    "system_calls",
]

# linux/seccomp.h: what a filter answers
KILL = 0x80000000
NOTIFY = 0x7FC00000
ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
DENY = _ERRNO | errno.EPERM
MISSING = _ERRNO | errno.ENOSYS
PRETEND = _ERRNO
"""The call reports success and does nothing: for file modes and times, which Landlock does not restrict and which a
sandbox under the grader's own uid could otherwise change on any file of the grader's."""

OWN_PID = 0x7FFF_FFFE
"""Stands in a rule for the process's own pid; replaced when the filter is loaded."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a fork server applies to its sandboxes. Switching off what is required needs ``unsafe=True``.

    Args:
        landlock: restrict files, TCP, signals and abstract sockets by Landlock (required).
        seccomp: restrict system calls (required).
        rlimits: limit memory, CPU time, files (required).
        user_notif: let the judge decide each fork; without it `Sandbox.branch` is not available.
        uid_drop: run every sandbox as a user of its own where the fork server is root.
        landlock_abi: use at most this version of Landlock, as on an older kernel.
    """

    landlock: bool = True
    seccomp: bool = True
    rlimits: bool = True
    user_notif: bool = True
    uid_drop: bool = True
    landlock_abi: int = 99

    @classmethod
    def none(cls) -> Confinement:
        """Return no confinement at all: for debugging, with ``unsafe=True``."""
        return cls(landlock=False, seccomp=False, rlimits=False, user_notif=False, uid_drop=False)

    @property
    def complete(self) -> bool:
        """Whether everything required is on."""
        return self.landlock and self.seccomp and self.rlimits

    def to_dict(self) -> dict[str, Any]:
        """Return the switches as JSON types."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Confinement:
        """Rebuild what `to_dict` returned."""
        kept = {f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data}
        abi = int(kept.pop("landlock_abi", 99))
        return cls(**{name: bool(value) for name, value in kept.items()}, landlock_abi=abi)


@dataclass(frozen=True, slots=True)
class When:
    """Holds if ``argument & mask`` is one of `values`. Arguments are compared as 32 bits, which is what the kernel
    reads of every argument named in this module."""

    arg: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Rule:
    """The action of the first case whose conditions all hold, else `otherwise`."""

    cases: tuple[tuple[tuple[When, ...], int], ...]
    otherwise: int = DENY


_ALLOWED = """
read write open openat creat close close_range lseek pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2
stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir
getdents getdents64 pipe pipe2 dup dup2 dup3 flock fsync fdatasync
ftruncate fadvise64 readahead sendfile copy_file_range
rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat umask statfs fstatfs
getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
mmap mprotect munmap mremap brk madvise msync mincore mlock mlock2 munlock membarrier get_mempolicy mseal
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigpending sigaltstack restart_syscall pause
alarm setitimer getitimer timerfd_create timerfd_settime timerfd_gettime eventfd eventfd2 signalfd signalfd4
exit exit_group wait4 waitid getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups
getpgrp set_tid_address set_robust_list arch_prctl rseq futex futex_waitv futex_wait futex_wake
futex_requeue sched_yield sched_get_priority_max
sched_get_priority_min getrlimit getrusage times sysinfo uname getcpu
getrandom capget nanosleep gettimeofday time
poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_pwait epoll_pwait2
sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown getsockname getpeername getsockopt
landlock_create_ruleset
"""
"""Allowed whatever the arguments. A ruleset of Landlock is a descriptor that does nothing by itself; rules, which take
the kernel's memory, cannot be added, and whether one is enforced the judge decides: a branch does so once."""

_OF_ITSELF = "getpgid getsid sched_getaffinity sched_getparam sched_getscheduler sched_getattr sched_rr_get_interval"
"""Allowed about the process itself: what they answer of others tells which processes there are."""

_CLOCKS = tuple(range(12))
"""linux/time.h: the clocks that are nobody's, and the caller's own CPU clocks. Others are made of the number of a
process or thread, and tell of every process on the machine that it is there and what CPU time it has had."""
_BY_CLOCK = "clock_gettime clock_getres clock_nanosleep"

_PRETENDED = "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat"

# linux/sched.h
_CLONE_THREAD = 0x00010000
_CLONE_PARENT, _SIGCHLD = 0x00008000, 17
_CLONE_ODD = 0x7E020000 | 0x00002000 | 0x00008000 | 0x00004000  # CLONE_NEW*, PTRACE, PARENT, VFORK

# linux/prctl.h: names, timer slack, no_new_privs; PR_SET_VMA is glibc naming its arenas
_PRCTL_HARMLESS = (2, 3, 15, 16, 21, 29, 30, 38, 39, 0x53564D41)
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9
_RLIMIT_CPU = 0
_SIGNALS = {"kill": 1, "tgkill": 2, "tkill": 1}
"""Calls that send a signal, and which argument is the signal."""
_NEVER_SENT = (9, 19, 20, 21, 22)
"""SIGKILL: a process that ends by it was killed by the machine, not by the student. SIGSTOP, SIGTSTP, SIGTTIN and
SIGTTOU: a stopped process counts as one that the machine does not let go on. For the same reasons there are no POSIX
timers, which can send any signal."""

SIBLING = _CLONE_PARENT | _SIGCHLD
"""Flags of a fork whose child is its caller's sibling: the fork server is its parent, waits for it, and alone learns
how it ended. A process that student code has been in forks questions' branches this way."""

# linux/fcntl.h. Left out: F_SETOWN, F_SETSIG (signals to others), F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ (what lies in a
# larger pipe is nobody's memory), seals
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 36, 37, 38, 1030, 1032)
# asm-generic/ioctls.h: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS2
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5451, 0x5450, 0x802C542A)
# for a GPU, whose driver is all ioctls: everything but TIOCSTI, TIOCLINUX, TIOCSETD, FIOASYNC, FIOSETOWN, SIOCSPGRP
_IOCTL_NEVER = (0x5412, 0x541C, 0x5423, 0x5452, 0x8901, 0x8902)
_AF_UNIX, _STREAM_OR_SEQPACKET, _TYPE_MASK = 1, (1, 5), 0xF
_SOL_SOCKET, _SO_HARMLESS = 1, (20, 21, 66, 67)  # timeouts: what lies in larger buffers is nobody's memory
_O_ACCMODE, _O_TRUNC = 3, 0o1000
_ENOTTY = _ERRNO | errno.ENOTTY
_EOPNOTSUPP = _ERRNO | errno.EOPNOTSUPP


def system_calls(*, landlock_abi: int, notify: bool, device: str = "cpu") -> dict[str, int | Rule]:
    """Return name -> action or rule; a name that is not in it is forbidden.

    Args:
        landlock_abi: what Landlock does not cover below ABI 3 (truncation) and 6 (signals) is denied here.
        notify: forks, and a branch's layer of Landlock, ask the judge; False denies them.
        device: ``"cpu"``; every other needs the driver's ioctls and, at CUDA's start, a file in memory.
    """
    fork = NOTIFY if notify else DENY
    calls: dict[str, int | Rule] = dict.fromkeys(_ALLOWED.split(), ALLOW)
    calls.update(dict.fromkeys(_PRETENDED.split(), PRETEND))
    itself = (0, OWN_PID)
    calls |= {name: Rule((((When(0, itself),), ALLOW),)) for name in _OF_ITSELF.split()}
    calls |= {name: Rule((((When(0, _CLOCKS),), ALLOW),)) for name in _BY_CLOCK.split()}
    calls |= {
        "getpriority": Rule((((When(0, (0,)), When(1, itself)), ALLOW),)),
        "fallocate": _EOPNOTSUPP,  # gigabytes between two looks at the scratch folder; libc writes zeros instead
        "clone3": MISSING,  # libc falls back to clone, whose flags a filter can see
        "openat2": MISSING,
        "fork": fork,
        "landlock_restrict_self": fork,  # 16 layers are the most, and each thread's are a copy of all rules
        "clone": Rule(
            (
                ((When(0, (_CLONE_THREAD,), _CLONE_THREAD | _CLONE_ODD),), ALLOW),
                ((When(0, (0,), _CLONE_ODD),), fork),
                ((When(0, (SIBLING,)),), fork),
            )
        ),
        "prctl": Rule(
            (
                ((When(0, _PRCTL_HARMLESS),), ALLOW),
                ((When(0, (_PR_SET_PDEATHSIG,)), When(1, (_SIGKILL,))), ALLOW),
            )
        ),
        # Lowering the own CPU limit is a way to be killed by the kernel, see SIGKILL below; arguments 0 of prlimit64
        # are the process itself and "no new limit", which is how limits are read.
        "prlimit64": Rule(
            (
                ((When(0, (0,)), When(2, (0,))), ALLOW),
                ((When(0, (0,)), When(1, (_RLIMIT_CPU,))), DENY),
                ((When(0, (0,)),), ALLOW),
            )
        ),
        "setrlimit": Rule((((When(0, (_RLIMIT_CPU,)),), DENY),), ALLOW),
        "sched_setaffinity": Rule((((When(0, (0,)),), ALLOW),)),
        "fcntl": Rule((((When(1, _FCNTL),), ALLOW),)),
        "ioctl": Rule((((When(1, _IOCTL),), ALLOW),), _ENOTTY),
        # a datagram socket could be sent to any path in the file system, which Landlock does not see
        "socketpair": Rule((((When(0, (_AF_UNIX,)), When(1, _STREAM_OR_SEQPACKET, _TYPE_MASK)), ALLOW),)),
        "setsockopt": Rule((((When(1, (_SOL_SOCKET,)), When(2, _SO_HARMLESS)), ALLOW),)),
    }
    if landlock_abi >= 6:
        calls |= {name: Rule((((When(at, _NEVER_SENT),), DENY),), ALLOW) for name, at in _SIGNALS.items()}
    else:
        own = ((When(0, (OWN_PID,)),), ALLOW)
        calls |= {
            name: Rule((((When(at, _NEVER_SENT),), DENY), own)) for name, at in _SIGNALS.items() if name != "tkill"
        }
    if landlock_abi >= 3:
        calls["truncate"] = ALLOW
    else:  # Landlock sees the truncation of a file opened for writing only
        for name, flags in (("open", 1), ("openat", 2)):
            calls[name] = Rule((((When(flags, (_O_TRUNC,), _O_TRUNC | _O_ACCMODE),), DENY),), ALLOW)
    if device != "cpu":
        calls["ioctl"] = Rule((((When(1, _IOCTL_NEVER),), DENY),), ALLOW)
        calls |= dict.fromkeys(("mbind", "set_mempolicy", "mlockall", "munlockall", "memfd_create"), ALLOW)
    return calls


SYSTEM_READ = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"),
    *("/usr/share/zoneinfo", "/etc/localtime"),
    *("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts"),
    *("/dev/zero", "/dev/urandom", "/dev/random"),
)
"""Readable beside Python's own libraries and the `course` package."""

CUDA_READ = (
    *("/proc/driver/nvidia", "/proc/driver/nvidia-uvm", "/proc/devices", "/proc/modules"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm/mmap_min_addr"),
    "/sys/bus/pci",
    "/sys/devices",
    "/usr/share/nvidia",
)
"""Readable for a GPU sandbox, beside what `confine` opens of its own /proc and `devices` names in /dev."""

FIRST_UID = 61_500
UID_BLOCK = 64
UID_BLOCKS = 60
"""Sandboxes run as uids of blocks of 64 from 61500 on; each fork server owns one block while it lives."""

MB = 1 << 20
MOST_TOGETHER = 3
"""Times `Limits.memory_mb` that all processes of a sandbox may hold: the keeper and the two branches of a question."""
MOST_BRANCHES = 2
"""Branches of one sandbox that may be there at once: a question's, and the one of a test that is tried again."""
DESCRIPTORS = 256
"""Files that a process of a sandbox may have open; the connection to the judge has a number above 100."""
_THREADS, _STACK = 256, 8 * MB


def rlimits(limits: Limits, *, base_bytes: int, own_uid: bool, device: str = "cpu") -> dict[int, tuple[int, int]]:
    """Return resource -> (soft, hard).

    Args:
        limits: the submission's limits.
        base_bytes: address space the fork server already uses; `Limits.memory_mb` comes on top. The hard limit leaves a
            question's branch as much again, whatever the notebook holds; the guard counts what each really takes.
        own_uid: the sandbox has a uid of its own, so that its processes and threads can be counted.
        device: CUDA reserves address space far beyond its memory, so that it is limited on the CPU only.
    """
    result = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (limits.process_seconds, limits.process_seconds + 2),
        resource.RLIMIT_FSIZE: (limits.scratch_mb * MB,) * 2,
        resource.RLIMIT_NOFILE: (DESCRIPTORS,) * 2,
        resource.RLIMIT_STACK: (_STACK,) * 2,
        resource.RLIMIT_MSGQUEUE: (0, 0),
    }
    if device == "cpu":
        result[resource.RLIMIT_AS] = (base_bytes + limits.memory_mb * MB, base_bytes + 2 * limits.memory_mb * MB)
        result[resource.RLIMIT_MEMLOCK] = (0, 0)
    if own_uid:
        result[resource.RLIMIT_NPROC] = (_THREADS,) * 2
    return result


DEFAULT_PRELOAD = (
    *("torch", "torch.utils.data", "torch._dynamo", "numpy"),
    *("matplotlib.pyplot", "matplotlib_inline.backend_inline", "IPython", "pytest"),
    *("?course", "?course.checks", "?course.data"),
    *("multiprocessing.connection", "multiprocessing.queues", "multiprocessing.synchronize"),
)
"""Modules the fork server imports before it forks; "?" marks those it can do without.

Every library mapped here is mapped again by each fork: pandas and scikit-learn together are 156 of them, which took 12
ms of CPU time a submission whether it used them or not. A notebook that imports them pays for the import instead.
"""

_THREAD_VARIABLES = ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
SERVER_ENVIRONMENT = {
    **{f"{name}_NUM_THREADS": "1" for name in _THREAD_VARIABLES},
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "Asia/Seoul",
    "MPLBACKEND": "agg",
    "FAST": "1",  # the notebooks' own switch: experiments in short form, graded functions unchanged
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "2",  # each arena reserves 64 MB of the limited address space
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}
"""The whole environment of the fork server, apart from `SERVER_ENVIRONMENT_KEPT` and its own folders."""

SERVER_ENVIRONMENT_KEPT = ("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "AUTOGRADER_GPU_FRACTION", "ATEN_CPU_CAPABILITY")
