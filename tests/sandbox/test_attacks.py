"""Attacks from a cell: each is stopped, and each succeeds when the defence that is meant to stop it is switched off.

The second half keeps the first honest: an attack that would fail anyway proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import platform
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox, SandboxControl
from autograder.sandbox.confinement.syscalls import numbers

from .conftest import LIMITS, attempt, run

NUMBERS = numbers(platform.machine())
SPAWN = Callable[..., contextlib.AbstractContextManager[Sandbox]]
NO_FILES = {"landlock": False, "uid_drop": False}
NO_CALLS = {"seccomp": False}
NOTHING = {"landlock": False, "uid_drop": False, "seccomp": False}


@dataclass(frozen=True)
class Target:
    """What attacks are aimed at: this process plays the judge."""

    suite: Path
    unix_path: Path
    abstract: str
    tcp_port: int
    udp_port: int
    pid: int = field(default_factory=os.getpid)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("suites")
    suite = folder / "test_q1.py"
    suite.write_text("EXPECTED = 42\n", encoding="utf-8")
    for path in (suite, *list(suite.parents)[:-2]):
        with contextlib.suppress(PermissionError):
            path.chmod(0o755)
    with contextlib.ExitStack() as stack:
        listening = []
        for kind, address in (
            (socket.AF_UNIX, str(folder / "socket")),
            (socket.AF_UNIX, f"\0autograder-test-{os.getpid()}"),
            (socket.AF_INET, ("127.0.0.1", 0)),
        ):
            server = stack.enter_context(socket.socket(kind))
            server.bind(address)
            server.listen(50)
            listening.append(server)
        datagram = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagram.bind(("127.0.0.1", 0))
        (folder / "socket").chmod(0o777)
        yield Target(
            suite,
            folder / "socket",
            f"autograder-test-{os.getpid()}",
            listening[2].getsockname()[1],
            datagram.getsockname()[1],
        )


# name -> (code whose last line is an expression, switches without which it succeeds)
ATTACKS: dict[str, tuple[str, dict[str, bool]]] = {
    "read the hidden suite": ("open('{suite}').read()", NO_FILES),
    "list the folder of the hidden suite": ("os.listdir(os.path.dirname('{suite}'))", NO_FILES),
    "change into the folder of the hidden suite and list it": (
        "os.chdir(os.path.dirname('{suite}'))\nos.listdir('.')",
        NO_FILES,
    ),
    "read the grader's source": ("open('{package}/autograder/model.py').read()[:1]", NO_FILES),
    "import the grader's hidden side": ("import autograder.judge.worker\n1", NO_FILES),
    "read the solutions": ("os.listdir('{package}/solutions')", NO_FILES),
    "read /etc/passwd": ("open('/etc/passwd').read()[:1]", NO_FILES),
    "list /proc": ("os.listdir('/proc')[:1]", NO_FILES),
    "read the judge's environment": ("open('/proc/{pid}/environ','rb').read()[:1]", NO_FILES),
    "read the fork server's environment": ("open(f'/proc/{{os.getppid()}}/environ','rb').read()[:1]", NO_FILES),
    "read the judge's memory": (
        "low = int(open('/proc/{pid}/maps').readline().split('-')[0], 16)\n"
        "os.pread(os.open('/proc/{pid}/mem', os.O_RDONLY), 4, low)",
        NOTHING,
    ),
    "read its own memory through /proc": ("open('/proc/self/mem','rb') and 1", NO_FILES),
    "read the judge's arguments": ("open('/proc/{pid}/cmdline').read()[:1]", NO_FILES),
    "list the scratch folders of others": ("os.listdir('..')", NO_FILES),
    "write outside its folder": (
        "os.close(os.open('/var/tmp/autograder-planted', os.O_CREAT | os.O_WRONLY))",
        NO_FILES,
    ),
    "write into shared memory": ("os.close(os.open('/dev/shm/planted-by-test', os.O_CREAT | os.O_WRONLY))", NO_FILES),
    "append to a library": ("os.close(os.open(os.__file__, os.O_APPEND | os.O_WRONLY))", NO_FILES),
    "leave a link to a file of the grader": ("os.symlink('{suite}', 'out.csv')", NOTHING),
    "make a hard link to a library": ("os.link(os.__file__, 'hard')", NO_FILES),
    "make a named pipe": ("os.mkfifo('fifo')", NOTHING),
    "execute a program": ("import subprocess\nsubprocess.run(['/bin/true']).returncode", NOTHING),
    "execute by os.execv": ("os.path.exists('/bin/true') and syscall({execve}, b'/nonexistent', None, None)", {}),
    "fork": ("p = os.fork()\np or os._exit(0)\np > 0", NO_CALLS),
    "vfork": ("p = syscall({fork})\np or os._exit(0)\np > 0", NO_CALLS),
    "start a process by multiprocessing": (
        "from multiprocessing import popen_fork, process\npopen_fork.Popen(process.BaseProcess(target=print)).wait()",
        NO_CALLS,
    ),
    "leave the session": ("os.setsid()", {}),
    "leave the process group": ("os.setpgid(0, 0)", {}),
    "signal the judge": ("os.kill({pid}, 0)", NOTHING),
    "signal the fork server": ("os.kill(os.getppid(), 0)", NOTHING),
    "signal a thread of the judge": ("syscall({tgkill}, {pid}, {pid}, 0)", NOTHING),
    "signal the judge through an own file": (
        "import fcntl\na, b = socket.socketpair()\nfcntl.fcntl(a, fcntl.F_SETOWN, {pid})",
        NO_CALLS,
    ),
    "ask for the judge's group": ("os.getpgid({pid})", NO_CALLS),
    "ask for the judge's session": ("os.getsid({pid})", NO_CALLS),
    "ask for the judge's priority": ("os.getpriority(os.PRIO_PROCESS, {pid})", NO_CALLS),
    "ask for the priority of a user's processes": ("os.getpriority(os.PRIO_USER, 0)", NO_CALLS),
    "read the judge's CPU clock": ("__import__('time').clock_gettime((~{pid} << 3) | 2)", NO_CALLS),
    "ask for the judge's CPU clock": ("__import__('time').clock_getres((~{pid} << 3) | 2)", NO_CALLS),
    "ask for the judge's processors": ("len(os.sched_getaffinity({pid}))", NO_CALLS),
    "ask for the judge's scheduler": ("os.sched_getscheduler({pid}) + 1", NO_CALLS),
    "make a socket's buffer large": (
        "a, b = socket.socketpair()\na.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 28) or 1",
        NO_CALLS,
    ),
    "allocate a file's blocks at once": (
        "fd = os.open('f', 66)\nsyscall({fallocate}, fd, 0, 0, 1 << 30) == 0",
        NO_CALLS,
    ),
    "add a rule to a ruleset": ("syscall({landlock_add_rule}, 3, 1, ctypes.create_string_buffer(16), 0)", {}),
    "change the judge's limits": ("resource.prlimit({pid}, resource.RLIMIT_NOFILE)", NOTHING),
    "pin the judge to a processor": ("os.sched_setaffinity({pid}, os.sched_getaffinity({pid}))", NOTHING),
    "renice the judge": ("os.setpriority(os.PRIO_PROCESS, {pid}, os.getpriority(os.PRIO_PROCESS, {pid}))", NOTHING),
    "trace the judge": ("syscall({ptrace}, 0x4206, {pid}, 0, 0)", {}),
    "copy the judge's memory": (
        "b = ctypes.create_string_buffer(8)\nv = (ctypes.c_uint64 * 2)(ctypes.addressof(b), 8)\n"
        "syscall({process_vm_readv}, os.getpid(), v, 1, v, 1, 0)",
        NO_CALLS,
    ),
    "open a process descriptor": ("os.pidfd_open({pid})", NO_CALLS),
    "connect by TCP": ("socket.create_connection(('127.0.0.1', {tcp_port}), 2) and 1", NOTHING),
    "send by UDP": (
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {udp_port}))",
        NO_CALLS,
    ),
    "open a raw socket": ("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", {}),
    "connect to a socket in the file system": ("socket.socket(socket.AF_UNIX).connect('{unix_path}')", NOTHING),
    "connect to an abstract socket": ("socket.socket(socket.AF_UNIX).connect('\\0{abstract}')", NOTHING),
    "make a datagram pair, which reaches any path": (
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) and 1",
        NO_CALLS,
    ),
    "make memory that no limit counts": ("os.memfd_create('x')", NO_CALLS),
    "make System V shared memory": ("syscall({shmget}, 0, 4096, 0o1600)", NO_CALLS),
    "make a message queue": ("syscall({msgget}, 0, 0o1600)", NO_CALLS),
    "make a user namespace": ("syscall({unshare}, 0x10000000)", NO_CALLS),
    "make a user namespace by clone": ("syscall({clone}, 0x10000000 | 0x11, 0, 0, 0, 0) or os._exit(0)", {}),
    "use clone3": ("syscall({clone3}, ctypes.create_string_buffer(88), 88)", {}),
    "use io_uring": ("syscall({io_uring_setup}, 1, ctypes.create_string_buffer(200))", {}),
    "read the kernel's keys": ("syscall({keyctl}, 0, -3, 1)", NO_CALLS),
    "load a BPF program": ("syscall({bpf}, 0, ctypes.create_string_buffer(64), 64)", {}),
    "watch files": ("syscall({inotify_init1}, 0)", NO_CALLS),
    "push characters to a terminal": ("import fcntl\nfcntl.ioctl(0, 0x5412, b'x')", {}),
    "chroot": ("os.chroot('.')", {}),
    "mount": ("syscall({mount}, b'none', b'.', b'tmpfs', 0, None)", {}),
    "become root": ("os.setuid(0)", {"seccomp": False, "uid_drop": False}),
    "outlive its parent": ("libc.prctl(1, 0, 0, 0, 0) == 0 or 1 / 0", NO_CALLS),
    "inherit orphans": ("libc.prctl(36, 1, 0, 0, 0) == 0 or 1 / 0", NO_CALLS),
    "lift its own limits": (
        "resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        {"rlimits": False},
    ),
    "reserve 30 GB": ("len(mmap.mmap(-1, 30 << 30, flags=0x4022))", {"rlimits": False}),
    "open 5000 files": ("[os.dup(0) for _ in range(5000)] and 1", {"rlimits": False}),
}


def code(name: str, target: Target) -> str:
    values = {key: getattr(target, key) for key in ("suite", "unix_path", "abstract", "tcp_port", "udp_port", "pid")}
    package = Path(__file__).resolve().parents[2]
    return ATTACKS[name][0].format(**values, **{k: v for k, v in NUMBERS.items() if k not in values}, package=package)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_stopped(name: str, sandbox: Sandbox, target: Target) -> None:
    shown = attempt(sandbox, code(name, target))
    assert shown in STOPPED, shown
    assert sandbox.alive


ONLY_ROOT = {"append to a library", "make a hard link to a library", "become root"}
STOPPED = {"PermissionError", "OSError", "ModuleNotFoundError", "ZeroDivisionError", "ValueError", "MemoryError"}


@pytest.mark.soak  # every day tests/hostile/test_defences.py does without the same defences, for whole submissions
@pytest.mark.parametrize("name", [name for name, (_, switches) in ATTACKS.items() if switches])
def test_attack_succeeds_without_its_defence(name: str, without: SPAWN, target: Target) -> None:
    if name in ONLY_ROOT and os.geteuid() != 0:
        pytest.skip("without confinement the user who runs the tests is not allowed this either")
    with without(**ATTACKS[name][1]) as sandbox:
        shown = attempt(sandbox, code(name, target))
    Path("/var/tmp/autograder-planted").unlink(missing_ok=True)
    Path("/dev/shm/planted-by-test").unlink(missing_ok=True)
    assert shown.startswith("got"), shown


def test_file_modes_and_times_of_others_cannot_be_changed(sandbox: Sandbox, target: Target) -> None:
    before = target.suite.stat()
    attempt(sandbox, f"os.chmod('{target.suite}', 0)\nos.utime('{target.suite}', (1, 1))")
    after = target.suite.stat()
    assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)


def test_a_signal_to_everybody_reaches_nobody(control: SandboxControl, sandbox: Sandbox) -> None:
    with control.spawn(limits=LIMITS) as other:
        attempt(sandbox, "os.kill(-1, signal.SIGKILL)")  # the kernel reports success when it refused every single one
        assert other.alive
        assert run(other, "1").status == "ok"


def test_no_descriptor_is_inherited_but_its_own(sandbox: Sandbox) -> None:
    shown = attempt(
        sandbox,
        "import stat\n"
        "kinds = []\n"
        "for fd in range(1024):\n"
        "    try: kinds.append((fd, stat.S_IFMT(os.fstat(fd).st_mode)))\n"
        "    except OSError: pass\n"
        "[fd for fd, kind in kinds], [fd for fd, kind in kinds if kind == stat.S_IFSOCK]",
    )
    # 0 to 2, the judge's socket, the event loop's epoll and its pair of sockets
    everything, sockets = eval(shown.removeprefix("got "))
    assert len(everything) <= 7
    assert len(sockets) <= 3


def test_the_environment_holds_nothing_of_the_graders(sandbox: Sandbox) -> None:
    shown = attempt(sandbox, "sorted(os.environ)")
    assert "AUTOGRADER" not in shown
    assert "PYTEST_CURRENT_TEST" not in shown


def test_each_living_sandbox_has_its_own_user(control: SandboxControl, sandbox: Sandbox) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give each sandbox a user of its own")
    with control.spawn(limits=sandbox.limits) as other:
        first, second = attempt(sandbox, "os.getresuid()"), attempt(other, "os.getresuid()")
    assert first != second
    assert "(0," not in first


def test_at_most_one_capability_remains(sandbox: Sandbox) -> None:
    shown = attempt(
        sandbox,
        "header, sets = struct.pack('=Ii', 0x20080522, 0), ctypes.create_string_buffer(24)\n"
        "libc.capget(header, sets)\n"
        "struct.unpack('=6I', sets.raw)",
    )
    effective, permitted, inheritable, *high = eval(shown.removeprefix("got "))
    allowed = 1 << 2 if sandbox.confinement["keeps_read_capability"] else 0
    assert (effective, permitted, inheritable, high) == (allowed, allowed, 0, [0, 0, 0])
