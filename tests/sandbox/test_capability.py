"""What the doctor reports about this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import ConfinementError
from autograder.sandbox import ForkServer, probe_machine
from autograder.sandbox.confinement import capability, confine, landlock, seccomp
from autograder.sandbox.confinement.policy import Confinement


def test_this_machine_can_confine() -> None:
    report = probe_machine()
    assert report.can_confine, [item for item in report.capabilities if not item.available]


def test_each_capability_is_explained_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(seccomp, "user_notif_available", lambda: False)
    report = probe_machine()
    assert not report.can_confine
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
