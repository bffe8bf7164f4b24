"""What this machine can and cannot confine, one line each, with what to do about it; used by ``autograder doctor``.

Owns the probes and their Korean advice. Changes nothing: what has to be tried is tried in a child that ends at once.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.confinement import landlock, policy, reach, seccomp
from autograder.sandbox.confinement.syscalls import AUDIT_ARCH

__all__ = ["ADVICE", "Capability", "MachineReport", "in_child", "probe_machine", "uid_drop_outcome"]

ADVICE = {
    "platform": "채점은 리눅스(x86_64 또는 aarch64)에서 실행하세요.",
    "landlock": (
        "리눅스 커널 5.13 이상이 필요합니다. 부팅 옵션 lsm=에 landlock이 들어 있는지, "
        "컨테이너라면 seccomp 프로파일이 landlock_create_ruleset을 허용하는지 확인하세요."
    ),
    "seccomp": "커널 옵션 CONFIG_SECCOMP_FILTER가 필요합니다. 컨테이너라면 seccomp 호출이 허용되는지 확인하세요.",
    "rlimits": "이 프로세스의 자원 한도를 낮출 수 없습니다. 컨테이너 설정을 확인하세요.",
    "user_notif": (
        "없어도 채점할 수 있지만 문항마다 노트북을 처음부터 다시 실행하므로 느려집니다. 커널 5.6 이상을 사용하세요."
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
    "namespaces": "없어도 채점할 수 있습니다. 지금은 쓰지 않으며, 임시 폴더 사용량은 채점기가 직접 지켜봅니다.",
}
"""Korean advice by capability name."""


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a machine may offer.

    Args:
        name: stable English name, a key of `ADVICE`.
        available: whether it is there.
        needed: grading refuses without it.
        detail: what was found, for example an ABI number.
        advice: Korean: what follows if it is missing, and what to do; empty if available.
    """

    name: str
    available: bool
    needed: bool
    detail: str
    advice: str


@dataclass(frozen=True, slots=True)
class MachineReport:
    """All capabilities, required ones first."""

    capabilities: tuple[Capability, ...]

    @property
    def can_confine(self) -> bool:
        """Whether everything that grading needs is there."""
        return all(item.available for item in self.capabilities if item.needed)

    def __getitem__(self, name: str) -> Capability:
        return next(item for item in self.capabilities if item.name == name)


def probe_machine() -> MachineReport:
    """Probe this machine as the current user; takes some milliseconds and leaves nothing behind."""
    known = platform.system() == "Linux" and platform.machine() in AUDIT_ARCH
    version = landlock.abi() if known else 0
    paths = reach.readable_paths()
    root = os.geteuid() == 0
    drop = uid_drop_outcome(paths) if root else "not root"
    namespaces = [name for name in ("user", "pid", "net", "mnt", "ipc") if Path(f"/proc/self/ns/{name}").exists()]
    found = [
        ("platform", known, True, f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("landlock", version >= 1 and in_child(_try_landlock), True, f"ABI {version}"),
        ("seccomp", known and in_child(_try_seccomp), True, ""),
        ("rlimits", in_child(_try_rlimits), True, ""),
        ("user_notif", known and seccomp.user_notif_available(), False, ""),
        ("uid_drop", drop in ("ok", "unreadable"), False, drop),
        ("environment", drop != "unreadable", False, "keeps CAP_DAC_READ_SEARCH" if drop == "unreadable" else ""),
        ("landlock_network", version >= 4, False, ""),
        ("landlock_scopes", version >= 6, False, ""),
        ("process_tree", Path(f"/proc/self/task/{os.getpid()}/children").exists(), False, ""),
        ("namespaces", root and bool(namespaces), False, " ".join(namespaces)),
    ]
    return MachineReport(
        tuple(Capability(name, ok, needed, detail, "" if ok else ADVICE[name]) for name, ok, needed, detail in found)
    )


def in_child(attempt: Callable[[], object]) -> bool:
    """Run something in a forked child and return whether it ended without an exception."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            attempt()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def uid_drop_outcome(paths: list[str]) -> str:
    """Try to become a sandbox's user.

    Returns:
        ``"ok"``; ``"unreadable"`` if that user cannot read the Python environment without CAP_DAC_READ_SEARCH; or
        ``"refused"`` if the kernel does not let this process change its user.
    """
    from autograder.sandbox.confinement.privileges import drop

    def unreadable() -> None:
        drop(policy.FIRST_UID, keep_read=False)
        for path in [*paths, os.__file__]:
            os.close(os.open(path, os.O_RDONLY))

    if not in_child(lambda: drop(policy.FIRST_UID, keep_read=True)):
        return "refused"
    return "ok" if in_child(unreadable) else "unreadable"


def _try_landlock() -> None:
    rules = landlock.Ruleset(landlock.abi())
    rules.allow("/usr", landlock.READ)
    rules.restrict()
    try:
        next(Path("/proc").iterdir())
    except PermissionError:
        return
    raise RuntimeError("Landlock did not restrict")


def _try_seccomp() -> None:
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
    seccomp.load(seccomp.compile_filter(policy.system_calls(landlock_abi=0, notify=False)))
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return
    raise RuntimeError("seccomp did not restrict")


def _try_rlimits() -> None:
    size = 1 << 33
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 12))
    if resource.getrlimit(resource.RLIMIT_AS)[0] != size:
        raise RuntimeError("the limit was not kept")
