"""What the probes report about this machine, and about one that refuses what they need."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import ConfinementError
from autograder.remedies import OWN_CALLS, REMEDIES, boot_option
from autograder.sandbox import ForkServer, kernel_calls, probe_machine
from autograder.sandbox.confinement import capability, causes, confine, landlock, seccomp
from autograder.sandbox.confinement.causes import Cause
from autograder.sandbox.confinement.policy import Confinement
from autograder.sandbox.confinement.syscalls import numbers
from tests.grading.refusing import refuse


def test_this_machine_can_confine() -> None:
    report = probe_machine()
    assert report.can_confine, [item for item in report.capabilities if not item.available]


def test_each_capability_is_explained_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> int:
        raise OSError(errno.EOPNOTSUPP, "not enabled")

    monkeypatch.setattr(landlock, "require", missing)
    monkeypatch.setattr(seccomp, "user_notif_available", lambda: False)
    report = probe_machine()
    assert not report.can_confine
    assert report.causes == (Cause.LANDLOCK_OFF,)
    assert report["landlock"].needed
    assert "커널" in report["landlock"].advice
    assert not report["user_notif"].needed
    assert report["user_notif"].advice
    assert all(item.advice == "" for item in report.capabilities if item.available)


def test_probing_changes_nothing_here() -> None:
    def privileges() -> list[str]:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(("Uid", "Gid", "Groups", "Cap", "NoNewPrivs", "Seccomp"))]

    before = privileges()
    probe_machine()
    assert privileges() == before


def test_preparing_without_landlock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    with pytest.raises(ConfinementError, match="cannot-confine-landlock"):
        confine.prepare(Confinement(), "/tmp")


def test_preparing_on_an_unknown_architecture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(ConfinementError, match="cannot-confine-platform"):
        confine.prepare(Confinement(landlock=False), "/tmp")


def test_a_scratch_root_inside_a_readable_folder_is_refused() -> None:
    with pytest.raises(ConfinementError, match="cannot-confine-landlock"):
        confine.prepare(Confinement(uid_drop=False), "/usr/lib/scratch")


def test_every_advice_belongs_to_a_capability() -> None:
    assert {item.name for item in probe_machine().capabilities} == set(capability.ADVICE)


def test_an_unsafe_server_says_so() -> None:
    with ForkServer(preload=(), unsafe=True) as server:
        assert server.report["confinement"]["unsafe"] is True
        assert server.report["confinement"]["seccomp"] is False


# -- on a machine that refuses a call, made by a real filter in a child


def refused(rule: str, action: Callable[[], object]) -> str:
    """Run something in a child to which a call is refused; return what it raised, "" if nothing."""

    def refusing() -> None:
        refuse([rule])
        action()

    failure = capability.attempt(refusing)
    return "" if failure is None else failure.text


def first_lacking() -> None:
    if (missing := capability.lacking(Confinement())) is not None:
        raise LookupError(f"{missing[0]}: {causes.cause_of(missing[0], missing[1].errno)}")


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ("pidfd_open=EPERM", "pidfd: container-profile"),
        ("pidfd_open=ENOSYS", "pidfd: container-profile"),
        ("pidfd_send_signal=ENOSYS", "pidfd: container-profile"),
        ("landlock_create_ruleset=ENOSYS", "landlock: container-profile"),
        ("landlock_create_ruleset=EOPNOTSUPP", "landlock: landlock-off"),
        ("landlock_restrict_self=EPERM", "landlock: container-profile"),
        ("seccomp=EPERM", "seccomp: container-profile"),
        ("prctl:0=38=EPERM", "landlock: container-profile"),
        ("prctl:0=36=EPERM", "subreaper: container-profile"),
        ("prlimit64=EPERM", "rlimits: container-profile"),
    ],
)
def test_what_is_refused_is_named_with_its_cause(rule: str, missing: str) -> None:
    assert refused(rule, first_lacking) == f"LookupError: {missing}"


@pytest.mark.parametrize("rule", ["close_range=EPERM", "memfd_create=EPERM", "pidfd_getfd=EPERM", "clone3=ENOSYS"])
def test_what_can_be_done_without_is_not_missed(rule: str) -> None:
    assert refused(rule, first_lacking) == ""


@pytest.mark.parametrize("rule", ["seccomp:1&8=EBUSY", "ioctl:1=0xc0502100=EPERM", "ioctl:1=0xc0182101=EPERM"])
def test_a_listener_that_cannot_be_used_is_none(rule: str) -> None:
    """Where forks cannot be answered grading goes on without branches, and does not begin with them."""

    def none() -> None:
        assert not seccomp.user_notif_available()

    assert seccomp.user_notif_available()
    assert refused(rule, none) == ""


def test_a_fork_server_refuses_before_its_imports() -> None:
    """No submission meets a machine without pidfds: the server says what is missing, and nothing is left of it."""

    def start() -> None:
        with ForkServer(preload=("a module that is not there",)):
            pass

    told = refused("pidfd_open=EPERM", start)

    assert told.startswith("ConfinementError: [cannot-confine-pidfd]"), told
    assert "pidfd_open" in told


def test_every_descriptor_is_closed_without_close_range() -> None:
    def close() -> None:
        kept = os.open("/dev/null", os.O_RDONLY)
        others = [os.dup(kept) for _ in range(20)]
        kernel_calls.close_others({0, 1, 2, kept})
        os.fstat(kept)
        for other in others:
            with pytest.raises(OSError, match="Bad file"):
                os.fstat(other)

    assert refused("close_range=EPERM", close) == ""
    assert refused("userfaultfd=EPERM", close) == ""


def test_a_file_without_a_name_needs_no_memory_file(tmp_path: Path) -> None:
    def write() -> None:
        file = kernel_calls.unnamed_file(str(tmp_path))
        assert os.write(file, b"payload") == 7
        assert not os.get_inheritable(file)
        assert os.fstat(file).st_nlink == 0

    assert refused("memfd_create=EPERM", write) == ""
    assert list(tmp_path.iterdir()) == []


# -- the words


def test_every_cause_has_words_for_an_administrator() -> None:
    assert {cause.value for cause in Cause} <= set(REMEDIES)
    assert set(OWN_CALLS) <= set(numbers("x86_64"))
    lines = "".join(ask.lines for ask in REMEDIES[Cause.PROFILE].asks)
    assert all(f'"{name}"' in lines for name in OWN_CALLS)


@pytest.mark.parametrize(
    ("name", "code", "filtered", "kernel", "cause"),
    [
        ("landlock", errno.EOPNOTSUPP, True, "6.8.0", Cause.LANDLOCK_OFF),
        ("landlock", errno.ENOSYS, False, "5.10.0-30-amd64", Cause.KERNEL_OLD),
        ("landlock", errno.ENOSYS, False, "6.8.0", Cause.NOT_BUILT),
        ("landlock", errno.ENOSYS, True, "6.8.0", Cause.PROFILE),
        ("landlock", errno.EPERM, False, "6.8.0", Cause.PROFILE),
        ("pidfd", errno.ENOSYS, False, "4.19.0", Cause.KERNEL_OLD),
        ("proc", errno.ENOENT, False, "6.8.0", Cause.PROC),
        ("landlock", errno.ENOSYS, False, "4.19.0-gvisor", Cause.GVISOR),
    ],
)
def test_a_cause_is_told_from_the_errno_and_the_machine(
    monkeypatch: pytest.MonkeyPatch, name: str, code: int, filtered: bool, kernel: str, cause: Cause
) -> None:
    monkeypatch.setattr(causes.platform, "release", lambda: kernel)
    monkeypatch.setattr(causes, "is_filtered", lambda: filtered)
    monkeypatch.setattr(causes, "is_gvisor", lambda: "gvisor" in kernel)

    assert causes.cause_of(name, code) is cause


@pytest.mark.parametrize(
    ("version", "is_it"),
    [
        ("Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n", True),
        ("Linux version 4.19.0-gvisor #1 SMP Sun Jan 10 15:06:54 PST 2016\n", True),
        ("Linux version 4.4.0-210-generic (buildd@lgw01) (gcc version 5.4.0)\n", False),
    ],
)
def test_gvisor_is_known_by_its_version(tmp_path: Path, version: str, is_it: bool) -> None:
    (tmp_path / "version").write_text(version)
    assert causes.is_gvisor(tmp_path / "version") is is_it


def test_the_boot_option_keeps_what_is_on(tmp_path: Path) -> None:
    """The option replaces the whole list, so that one without AppArmor would switch AppArmor off."""
    (tmp_path / "lsm").write_text("lockdown,capability,yama,selinux,bpf\n")

    assert boot_option(tmp_path / "lsm") == "lsm=landlock,lockdown,yama,selinux,bpf"
    assert boot_option(tmp_path / "none").startswith("lsm=landlock,")
