"""What this machine can and cannot confine, one line each, with what to do about it; used by ``autograder doctor``.

Owns the probes and a Korean sentence for each. Changes nothing: what has to be tried is tried in a child that ends at
once. Why something is missing is a code of `causes`; what to ask an administrator for is in `autograder.remedies`.
Whether grading works is no sum of probes: ``doctor`` grades (`autograder.grading.rehearsal`).
"""

from __future__ import annotations

import errno
import os
import platform
import resource
import select
import signal
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import kernel_calls
from autograder.sandbox.confinement import causes, groups, landlock, policy, privileges, reach, seccomp
from autograder.sandbox.confinement.causes import Cause
from autograder.sandbox.confinement.policy import Confinement
from autograder.sandbox.confinement.syscalls import AUDIT_ARCH

__all__ = [
    "ADVICE",
    "Capability",
    "Failure",
    "MachineReport",
    "allow_descriptors",
    "attempt",
    "in_child",
    "lacking",
    "probe_machine",
    "uid_drop_outcome",
]

ADVICE = {
    "platform": "채점은 리눅스(x86_64 또는 aarch64)에서 실행하세요.",
    "landlock": (
        "리눅스 커널 5.13 이상이 필요합니다. 부팅 옵션 lsm=에 landlock이 들어 있는지, "
        "컨테이너라면 seccomp 프로파일이 landlock_create_ruleset을 허용하는지 확인하세요."
    ),
    "seccomp": "커널 옵션 CONFIG_SECCOMP_FILTER가 필요합니다. 컨테이너라면 seccomp 호출이 허용되는지 확인하세요.",
    "rlimits": "이 프로세스의 자원 한도를 낮출 수 없습니다. 컨테이너 설정을 확인하세요.",
    "pidfd": (
        "프로세스를 혼동 없이 끝내는 호출(pidfd_open, pidfd_send_signal)이 필요합니다. 커널 5.3 이상인지, "
        "컨테이너라면 seccomp 프로파일이 두 호출을 허용하는지 확인하세요."
    ),
    "subreaper": (
        "남은 프로세스를 모두 거두는 호출(prctl의 PR_SET_CHILD_SUBREAPER와 PR_SET_PDEATHSIG)이 필요합니다. "
        "컨테이너의 seccomp 프로파일이 prctl을 허용하는지 확인하세요."
    ),
    "descriptors": "한 프로세스가 파일을 256개는 열 수 있어야 합니다. `ulimit -n`이나 LimitNOFILE을 늘리세요.",
    "privileges": (
        "특권을 버리는 호출(capset, prctl의 PR_CAPBSET_DROP)이 필요합니다. "
        "컨테이너의 seccomp 프로파일이 두 호출을 허용하는지 확인하세요."
    ),
    "proc": "/proc에서 다른 프로세스의 상태를 읽어야 합니다. 컨테이너나 chroot라면 /proc을 마운트하세요.",
    "user_notif": (
        "없어도 채점할 수 있지만 문항마다 노트북을 처음부터 다시 실행하므로 느려집니다. 커널 5.6 이상을 사용하세요. "
        "gVisor와 일부 LXD 컨테이너에는 없습니다."
    ),
    "uid_drop": (
        "root가 아니므로 모든 제출물이 같은 사용자로 실행됩니다. "
        "더 강하게 격리하려면 채점기를 root로 실행하거나 전용 계정과 컨테이너를 사용하세요."
    ),
    "environment": (
        "파이썬 환경이 다른 사용자가 읽을 수 없는 폴더에 있어 샌드박스에 읽기 특권(CAP_DAC_READ_SEARCH) 하나를 "
        "남깁니다. 읽을 수 있는 경로는 Landlock이 제한합니다. 피하려면 /opt처럼 누구나 읽는 곳에 설치하세요."
    ),
    "landlock_network": "커널 6.7(Landlock ABI 4)부터 TCP를 한 번 더 막습니다. 없으면 seccomp만으로 소켓을 막습니다.",
    "landlock_scopes": (
        "커널 6.12(Landlock ABI 6)부터 바깥 프로세스로 보내는 신호를 막습니다. 없으면 kill 호출을 모두 막습니다."
    ),
    "process_tree": "커널 옵션 CONFIG_PROC_CHILDREN이 없으면 프로세스 목록을 훑어 자식을 찾으므로 조금 느립니다.",
    "cgroup": (
        "없어도 채점할 수 있으며, 그때는 채점기가 직접 지켜봅니다. cgroup v2의 자기 그룹 아래에 그룹을 만들 수 있으면 "
        "(systemd라면 Delegate=yes, 컨테이너라면 쓸 수 있는 /sys/fs/cgroup) 샌드박스마다 메모리와 프로세스 수를 "
        "커널이 한 번 더 제한합니다."
    ),
    "namespaces": "없어도 채점할 수 있습니다. 지금은 쓰지 않으며, 임시 폴더 사용량은 채점기가 직접 지켜봅니다.",
}
"""Korean advice by capability name."""

_WAIT_SECONDS = 10.0
"""Wall-clock seconds for a killed child of a probe to end, which takes it a millisecond."""


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a machine may offer.

    Args:
        name: stable English name, a key of `ADVICE`.
        available: whether it is there.
        needed: grading refuses without it.
        detail: what was found, for example an ABI number or an error.
        advice: Korean: what follows if it is missing, and what to do; empty if available.
        cause: why something needed is missing, a `Cause`; None where it is there or not needed.
    """

    name: str
    available: bool
    needed: bool
    detail: str
    advice: str
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class MachineReport:
    """All capabilities, required ones first."""

    capabilities: tuple[Capability, ...]

    @property
    def can_confine(self) -> bool:
        """Whether everything that grading needs is there."""
        return all(item.available for item in self.capabilities if item.needed)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why something needed is missing, each cause once."""
        return tuple(dict.fromkeys(item.cause for item in self.capabilities if item.cause is not None))

    def __getitem__(self, name: str) -> Capability:
        return next(item for item in self.capabilities if item.name == name)


@dataclass(frozen=True, slots=True)
class Failure:
    """What an attempt in a child raised: its errno, 0 if it has none, and its type and text."""

    errno: int
    text: str


def probe_machine() -> MachineReport:
    """Probe this machine as the current user; takes some milliseconds and leaves nothing behind."""
    known = platform.system() == "Linux" and platform.machine() in AUDIT_ARCH
    version = landlock.abi() if known else 0
    paths = reach.readable_paths()
    root = os.geteuid() == 0
    drop = uid_drop_outcome(paths) if root else "not root"
    namespaces = [name for name in ("user", "pid", "net", "mnt", "ipc") if Path(f"/proc/self/ns/{name}").exists()]
    optional = [
        ("user_notif", known and seccomp.user_notif_available(), ""),
        ("uid_drop", drop in ("ok", "unreadable"), drop),
        ("environment", drop != "unreadable", "keeps CAP_DAC_READ_SEARCH" if drop == "unreadable" else ""),
        ("landlock_network", version >= 4, ""),
        ("landlock_scopes", version >= 6, ""),
        ("process_tree", Path(f"/proc/self/task/{os.getpid()}/children").exists(), ""),
        ("cgroup", *(groups.look() if known else (False, ""))),
        ("namespaces", root and bool(namespaces), " ".join(namespaces)),
    ]
    return MachineReport(
        (
            _platform(known),
            *(_needed(name, known, f"ABI {version}" if name == "landlock" else "") for name in _ATTEMPTS),
            *(Capability(name, ok, False, detail, "" if ok else ADVICE[name]) for name, ok, detail in optional),
        )
    )


def lacking(confinement: Confinement) -> tuple[str, Failure] | None:
    """Return the first thing that grading needs and this machine does not have, and how that shows; None if all is.

    For a fork server before its imports: a refusal by name at once, where it would else be a broken process for every
    submission. Takes some milliseconds.

    Args:
        confinement: what is to be applied; what is switched off is not needed.
    """
    off = {name for name in _ATTEMPTS if not getattr(confinement, name, True)}
    if not confinement.complete:
        off.add("privileges")
    for name in _ATTEMPTS:
        if name not in off and (failure := attempt(_ATTEMPTS[name])) is not None:
            return name, failure
    return None


def attempt(action: Callable[[], object]) -> Failure | None:
    """Run something in a forked child; return what it raised, None if it ended well."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            action()
            code = 0
        except BaseException as error:
            number = error.errno or 0 if isinstance(error, OSError) else 0
            os.write(writer, struct.pack("=i", number) + f"{type(error).__name__}: {error}"[:500].encode())
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = stream.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0:
        return None
    if len(told) < 4:
        return Failure(0, f"ended with {status}")
    return Failure(struct.unpack("=i", told[:4])[0], told[4:].decode(errors="replace"))


def in_child(action: Callable[[], object]) -> bool:
    """Run something in a forked child and return whether it ended without an exception."""
    return attempt(action) is None


def allow_descriptors() -> None:
    """Let this process, and what it forks, open as many files as a sandbox may, where its own limit is lower.

    Raises:
        ValueError, OSError: the hard limit is lower, and is not this process's to raise.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < policy.DESCRIPTORS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (policy.DESCRIPTORS, max(hard, policy.DESCRIPTORS)))


def uid_drop_outcome(paths: list[str]) -> str:
    """Try to become a sandbox's user.

    Returns:
        ``"ok"``; ``"unreadable"`` if that user cannot read the Python environment without CAP_DAC_READ_SEARCH; or
        ``"refused"`` if the kernel does not let this process change its user.
    """

    def unreadable() -> None:
        privileges.drop(policy.FIRST_UID, keep_read=False)
        for path in [*paths, os.__file__]:
            os.close(os.open(path, os.O_RDONLY))

    if not in_child(lambda: privileges.drop(policy.FIRST_UID, keep_read=True)):
        return "refused"
    return "ok" if in_child(unreadable) else "unreadable"


def _platform(known: bool) -> Capability:
    detail = f"{platform.system()} {platform.release()} {platform.machine()}"
    cause = None if known else Cause.NOT_LINUX if platform.system() != "Linux" else Cause.ARCHITECTURE
    return Capability("platform", known, True, detail, "" if known else ADVICE["platform"], cause)


def _needed(name: str, known: bool, detail: str) -> Capability:
    """Return what trying something that grading needs has shown; on a strange machine nothing is tried."""
    if not known:
        return Capability(name, False, True, "", ADVICE[name])
    failure = attempt(_ATTEMPTS[name])
    if failure is None:
        return Capability(name, True, True, detail, "")
    return Capability(name, False, True, failure.text, ADVICE[name], causes.cause_of(name, failure.errno))


def _try_landlock() -> None:
    rules = landlock.Ruleset(landlock.require())
    rules.allow("/usr", landlock.READ)
    rules.restrict()
    try:
        os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))
    except PermissionError:
        return
    raise RuntimeError("Landlock did not restrict")


def _try_seccomp() -> None:
    privileges.forbid_gains()
    seccomp.load(seccomp.compile_filter(policy.system_calls(landlock_abi=0, notify=False)))
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return
    raise RuntimeError("seccomp did not restrict")


def _try_rlimits() -> None:
    for kind, wanted in ((resource.RLIMIT_AS, 1 << 33), (resource.RLIMIT_CPU, 1000)):
        ceiling = resource.getrlimit(kind)[1]
        size = wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
        resource.setrlimit(kind, (size, size))
        if resource.getrlimit(kind) != (size, size):
            raise RuntimeError("the limit was not kept")


def _try_pidfd() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
    pidfd = -1
    try:
        pidfd = kernel_calls.open_pidfd(pid)
        kernel_calls.signal_pidfd(pidfd, signal.SIGKILL)
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        if not poll.poll(_WAIT_SECONDS * 1000):
            raise TimeoutError(errno.ETIMEDOUT, "a killed process did not end")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if pidfd >= 0:
            os.close(pidfd)


def _try_subreaper() -> None:
    privileges.become_subreaper()
    privileges.die_with_parent(os.getppid())


def _try_proc() -> None:
    """Read of a parent what the judge reads of a sandbox."""
    parent = os.getppid()
    for name in ("stat", "statm", "fd", "task"):
        os.close(os.open(f"/proc/{parent}/{name}", os.O_RDONLY))
    os.close(os.open("/proc/self/fd", os.O_RDONLY))


_ATTEMPTS: Mapping[str, Callable[[], object]] = {
    "landlock": _try_landlock,
    "seccomp": _try_seccomp,
    "rlimits": _try_rlimits,
    "pidfd": _try_pidfd,
    "subreaper": _try_subreaper,
    "descriptors": allow_descriptors,
    "privileges": privileges.strip,
    "proc": _try_proc,
}
"""What grading needs of any machine, each tried for real in a child."""
