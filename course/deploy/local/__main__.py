"""`make hub`: a real JupyterHub on this machine, with a teacher and three students, until Ctrl-C.

Owns the state folder (homes, exchange, passwords, the hub's own files) and the life of every process: the hub is a
child that is asked to stop on SIGINT or SIGTERM, and whatever outlives it, a kernel's detached child for instance, is
adopted and ended before this program ends.

Environment: ``AUTOGRADER_HUB_STATE`` (state folder, default ``build/hub``), ``AUTOGRADER_HUB_PORT`` (first of four
ports, default 8000), ``AUTOGRADER_HUB_COURSE`` (course id, default ``whydl``). Passwords are made once for a state
folder and kept in its ``passwords.json``; who writes that file first, decides them.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from autograder.errors import GraderError
from autograder.integrations.course_folder import init_course
from autograder.korean import with_particle
from autograder.sandbox.confinement.privileges import become_subreaper

HERE = Path(__file__).resolve().parent
KIT = HERE.parents[2]
USERS = ("teacher", "student1", "student2", "student3")
PATIENCE = 25.0
"""Seconds that the hub and the servers get for stopping by themselves."""

NOTICE = """
로컬 실습용 JupyterHub를 시작합니다. 상태 폴더: {state}

  주의: 이 모드는 사용자를 서로 격리하지 않습니다.
  모든 학생과 교사의 서버가 한 유닉스 사용자({user})로 실행됩니다. 학생이 실행하는 코드는
  다른 학생의 파일, 숨은 테스트, 정답, 성적부를 읽고 고칠 수 있습니다.
  시연과 시험에만 쓰고, 실제 수업에는 course/deploy/의 tljh/나 z2jh/를 쓰세요.
"""
READY = """
준비되었습니다. 이 컴퓨터에서만 접속할 수 있습니다.

  JupyterHub      {url}/
  채점 서비스     {url}/services/autograder/
  formgrader      {url}/user/teacher/formgrader  (교사로 로그인하고 서버를 시작한 뒤)

  사용자          비밀번호
{users}

끝내려면 Ctrl-C를 누르세요. 기록: {log}
"""


class Stop(Exception):  # noqa: N818 - not an error
    """A signal asked to stop."""


def main() -> int:
    """Run the hub until a signal; return the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    become_subreaper()
    hub: subprocess.Popen[bytes] | None = None
    try:
        state, port, course = _settings()
        print(NOTICE.format(state=state, user=getpass.getuser()), flush=True)
        passwords = _prepare(state, course)
        log = state / "hub.log"
        hub = _start(state, port, course, log)
        _wait_until_up(hub, port, log)
        users = "\n".join(f"  {name:<16}{password}" for name, password in passwords.items())
        print(READY.format(url=f"http://127.0.0.1:{port}", users=users, log=log), flush=True)
        status = hub.wait()
        print(f"JupyterHub가 스스로 끝났습니다 (상태 {status}). 기록을 확인하세요: {log}", file=sys.stderr)
        return 1
    except Stop:
        print("\n끝내는 중입니다.", flush=True)
        return 0
    except GraderError as error:
        print(f"오류 [{error.code}] {error.message}\n  {error.detail}", file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(hub)
        print("끝났습니다. 남은 프로세스가 없습니다.", flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _settings() -> tuple[Path, int, str]:
    state = Path(os.environ.get("AUTOGRADER_HUB_STATE") or KIT / "build" / "hub").resolve()
    text = os.environ.get("AUTOGRADER_HUB_PORT") or "8000"
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1024 <= int(text) <= 65000:
        raise GraderError(
            "hub-port-invalid", "AUTOGRADER_HUB_PORT는 1024 이상 65000 이하의 수여야 합니다.", detail=text
        )
    for port in range(int(text), int(text) + 4):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise GraderError(
                    "hub-port-taken",
                    f"포트 {with_particle(str(port), '을/를')} 다른 프로그램이 쓰고 있습니다. "
                    "AUTOGRADER_HUB_PORT로 다른 포트를 정하세요. "
                    "연달아 네 개를 씁니다.",
                    detail=str(error),
                ) from error
    return state, int(text), os.environ.get("AUTOGRADER_HUB_COURSE") or "whydl"


def _prepare(state: Path, course: str) -> dict[str, str]:
    """Make the homes, the exchange, the teacher's course folder and, once, the passwords; return these."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        state.chmod(0o700)
        for folder in ("exchange", *(f"home/{name}" for name in USERS)):
            (state / folder).mkdir(parents=True, exist_ok=True)
        (state / "exchange").chmod(0o777)  # nbgrader asks for it; the state folder itself is closed
        made = init_course(state / "home" / "teacher" / course, course, exchange=state / "exchange")
        for path in made.kept:
            print(f"  과목 폴더의 {with_particle(str(path), '은/는')} 고친 파일이라 그대로 두었습니다.")
        file = state / "passwords.json"
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as new:
                json.dump({name: secrets.token_urlsafe(9) for name in USERS}, new, indent=1)
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise GraderError(
            "hub-state-unusable",
            f"상태 폴더를 쓸 수 없습니다: {state}. AUTOGRADER_HUB_STATE로 다른 폴더를 정하거나 이 폴더를 지우세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _start(state: Path, port: int, course: str, log: Path) -> subprocess.Popen[bytes]:
    """Start the hub in a session of its own: a Ctrl-C at the terminal reaches this program alone."""
    environment = {
        **os.environ,
        "AUTOGRADER_HUB_STATE": str(state),
        "AUTOGRADER_HUB_PORT": str(port),
        "AUTOGRADER_HUB_COURSE": course,
    }
    command = [sys.executable, "-P", "-m", "jupyterhub", "-f", str(HERE / "jupyterhub_config.py")]
    with log.open("ab") as file:
        return subprocess.Popen(
            command, cwd=state, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True,
        )  # fmt: skip


def _wait_until_up(hub: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once the hub answers through the proxy; raises GraderError (``hub-failed``) if it ends before."""
    import urllib.error
    import urllib.request

    while hub.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/hub/api/", timeout=5) as reply,
        ):
            if reply.status == 200:
                return
        time.sleep(0.5)
    end = log.read_text(encoding="utf-8", errors="replace")[-1500:]
    raise GraderError("hub-failed", f"JupyterHub를 시작하지 못했습니다. 기록을 확인하세요: {log}", detail=end)


def _end(hub: subprocess.Popen[bytes] | None) -> None:
    """Ask the hub to stop, which stops its proxy, servers and services, then end whatever is left."""
    if hub is not None and hub.poll() is None:
        hub.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            hub.wait(PATIENCE)
    for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + patience
        told: set[int] = set()
        while left := _descendants():
            for process in left - told:
                with contextlib.suppress(OSError):
                    os.kill(process, number)
            told |= left
            _reap()
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)


def _descendants() -> set[int]:
    """Return the processes below this one; zombies count until they are reaped."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
                )
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    sys.exit(main())
