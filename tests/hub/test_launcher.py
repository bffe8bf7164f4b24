"""The launcher by itself: signals, ordinary users, states and ports that will not do."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from autograder.errors import GraderError
from course.deploy.local.__main__ import _passwords, _settings
from tests.hub.running import ROOT, free_ports, processes_of, running_hub


def launch(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "course.deploy.local"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    port = free_ports(4)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 2))
        other.listen()
        done = launch(AUTOGRADER_HUB_STATE=str(tmp_path / "state"), AUTOGRADER_HUB_PORT=str(port))
    assert done.returncode == 1
    assert "hub-port-taken" in done.stderr
    assert str(port + 2) in done.stderr


def test_a_state_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    done = launch(AUTOGRADER_HUB_STATE=str(tmp_path / "state"), AUTOGRADER_HUB_PORT=str(free_ports(4)))
    assert done.returncode == 1
    assert "hub-state-unusable" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("AUTOGRADER_HUB_STUDENTS", "0", "hub-students-invalid"),
        ("AUTOGRADER_HUB_COURSE", "whydl,WHYDL", "hub-courses-invalid"),
    ],
)
def test_a_setting_that_will_not_do_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(GraderError) as caught:
        _settings()
    assert caught.value.code == code


def test_more_students_get_passwords_and_the_others_keep_theirs(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    first = _passwords(file, None)
    assert set(first) == {"teacher", "student1", "student2", "student3"}
    assert _passwords(file, None) == first
    more = _passwords(file, 30)
    assert len(more) == 31
    assert {name: more[name] for name in first} == first
    assert _passwords(file, 2) == more
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.soak
def test_sigterm_ends_everything_and_the_screen_told_the_truth(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_hub(state) as hub:
        hub.client("student2").start_server()
        assert len(processes_of(state)) >= 4
        assert hub.stop(signal.SIGTERM) == 0
        assert processes_of(state) == []
    screen = (tmp_path / "state-screen.txt").read_text(encoding="utf-8")
    assert "격리하지 않습니다" in screen
    for name, password in hub.passwords.items():
        assert name in screen
        assert password in screen
    before = hub.passwords
    with running_hub(state) as again:
        assert again.passwords == before


NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
SCRIPTS = {"jupyterhub-singleuser": "from jupyterhub.singleuser import main"}


@pytest.mark.soak
def test_an_ordinary_user_runs_the_hub() -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        python = python_for_everyone(Path(folder))
        home = Path(folder) / "own"
        home.mkdir()
        os.chown(home, 65534, 65534)
        with running_hub(home / "state", prefix=NOBODY, environment={"HOME": str(home)}, python=python) as hub:
            student = hub.client("student1")
            student.start_server()
            assert student.get("/api/contents").status_code == 200
            assert "--allow-root" not in " ".join(processes_of(home / "state"))
            assert (hub.course / "solutions").stat().st_uid == 65534


def python_for_everyone(folder: Path) -> str:
    """Return this interpreter, or one of the same version with the same packages if only root can read this one."""
    probe = "import subprocess, sys, jupyterhub; subprocess.run([sys.executable, '-c', ''], check=True)"
    if not subprocess.run(
        [*NOBODY, sys.executable, "-c", probe], cwd=ROOT, check=False, capture_output=True
    ).returncode:
        return sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    system = shutil.which(name, path="/usr/bin:/usr/local/bin")
    if system is None or not os.access(sysconfig.get_path("purelib"), os.R_OK):
        pytest.skip(f"the interpreter lies in a folder that only root can read, and there is no other {name}")
    subprocess.run([system, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "same.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")
    for script, source in SCRIPTS.items():
        file = python.with_name(script)
        file.write_text(f"#!{python}\nimport sys\n{source}\nsys.exit(main())\n")
        file.chmod(0o755)
    return str(python)
