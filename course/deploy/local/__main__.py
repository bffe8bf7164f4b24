"""`make hub`: a real JupyterHub on this machine, with a teacher and students, until Ctrl-C.

Owns the state folder (homes, exchange, passwords, the hub's own files) and the life of every process: the hub is a
child that is asked to stop on SIGINT or SIGTERM, and whatever outlives it, a kernel's detached child for instance, is
adopted and ended before this program ends.

Environment: ``AUTOGRADER_HUB_STATE`` (state folder, default ``build/hub``), ``AUTOGRADER_HUB_PORT`` (first port of a
row, default 8000: three, one for each course, and one more for each course after the first), ``AUTOGRADER_HUB_COURSE``
(course ids with commas between, default ``whydl``), ``AUTOGRADER_HUB_STUDENTS`` (how many students, default 3).
Passwords are made once for a state folder and kept in its ``passwords.json``; who writes that file first, decides them.
A larger number of students adds the missing ones.
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
from autograder.sinks.echo import say

HERE = Path(__file__).resolve().parent
KIT = HERE.parents[2]
STUDENTS = 3
MOST_STUDENTS = 300
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
  formgrader      {url}/user/teacher/formgrader  (교사로 로그인하고 서버를 시작한 뒤)"""
MORE = "  {course}: {url}/services/autograder-{course}/, formgrader는 {url}/services/{course}/formgrader"


class Stop(Exception):  # noqa: N818 - not an error
    """A signal asked to stop."""


def main() -> int:
    """Run the hub until a signal; return the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    become_subreaper()
    hub: subprocess.Popen[bytes] | None = None
    try:
        state, port, courses, students = _settings()
        say(NOTICE, state=state, user=getpass.getuser())
        passwords = _prepare(state, courses, students)
        log = state / "hub.log"
        hub = _start(state, port, courses, log)
        _wait_until_up(hub, port, log)
        url = f"http://127.0.0.1:{port}"
        say(READY, url=url)
        for course in courses[1:]:
            say(MORE, course=course, url=url)
        say("\n  사용자          비밀번호")
        for name, password in passwords.items():
            say("  {name:<16}{password}", name=name, password=password)
        say("\n끝내려면 Ctrl-C를 누르세요. 기록: {log}\n", log=log)
        status = hub.wait()
        say(
            "JupyterHub가 스스로 끝났습니다 (상태 {status}). 기록을 확인하세요: {log}",
            error=True,
            status=status,
            log=log,
        )
        return 1
    except Stop:
        say("\n끝내는 중입니다.")
        return 0
    except GraderError as error:
        say(
            "오류 [{code}] {message}\n  {detail}",
            error=True,
            code=error.code,
            message=error.message,
            detail=error.detail,
        )
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(hub)
        say("끝났습니다. 남은 프로세스가 없습니다.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _settings() -> tuple[Path, int, list[str], int | None]:
    """Return the state folder, the first port, the course ids and the number of students, None if nobody said one."""
    state = Path(os.environ.get("AUTOGRADER_HUB_STATE") or KIT / "build" / "hub").resolve()
    courses = [name.strip() for name in (os.environ.get("AUTOGRADER_HUB_COURSE") or "whydl").split(",") if name.strip()]
    if not courses or len({course.lower() for course in courses}) < len(courses):
        raise GraderError(
            "hub-courses-invalid",
            "AUTOGRADER_HUB_COURSE에는 과목 ID를 쉼표로 나누어 적으세요. 같은 ID를 두 번 적을 수 없습니다.",
            detail=os.environ.get("AUTOGRADER_HUB_COURSE", ""),
        )
    number = os.environ.get("AUTOGRADER_HUB_STUDENTS") or ""
    if number and (not re.fullmatch(r"[0-9]{1,3}", number) or not 1 <= int(number) <= MOST_STUDENTS):
        raise GraderError(
            "hub-students-invalid",
            f"AUTOGRADER_HUB_STUDENTS는 1 이상 {MOST_STUDENTS} 이하의 수여야 합니다.",
            detail=number,
        )
    text = os.environ.get("AUTOGRADER_HUB_PORT") or "8000"
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1024 <= int(text) <= 65000:
        raise GraderError(
            "hub-port-invalid", "AUTOGRADER_HUB_PORT는 1024 이상 65000 이하의 수여야 합니다.", detail=text
        )
    ports = range(int(text), int(text) + 3 + len(courses) + len(courses) - 1)
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise GraderError(
                    "hub-port-taken",
                    f"포트 {with_particle(str(port), '을/를')} 다른 프로그램이 쓰고 있습니다. "
                    "AUTOGRADER_HUB_PORT로 다른 포트를 정하세요. "
                    f"연달아 {len(ports)}개를 씁니다.",
                    detail=str(error),
                ) from error
    return state, int(text), courses, int(number) if number else None


def _prepare(state: Path, courses: list[str], students: int | None) -> dict[str, str]:
    """Make the exchange, the passwords, the homes and the teacher's course folders; return the passwords."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        state.chmod(0o700)
        passwords = _passwords(state / "passwords.json", students)
        for folder in ("exchange", *(f"home/{name}" for name in passwords)):
            (state / folder).mkdir(parents=True, exist_ok=True)
        (state / "exchange").chmod(0o777)  # nbgrader asks for it; the state folder itself is closed
        for course in courses:
            made = init_course(state / "home" / "teacher" / course, course, exchange=state / "exchange")
            for path in made.kept:
                say("  과목 폴더의 {path} 고친 파일이라 그대로 두었습니다.", path=with_particle(str(path), "은/는"))
        return passwords
    except (OSError, ValueError) as error:
        raise GraderError(
            "hub-state-unusable",
            f"상태 폴더를 쓸 수 없습니다: {state}. AUTOGRADER_HUB_STATE로 다른 폴더를 정하거나 이 폴더를 지우세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _passwords(file: Path, students: int | None) -> dict[str, str]:
    """Return everybody's password: those that are in the file, and new ones for whoever is missing there."""
    known = dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}
    if known and students is None:
        return known
    wanted = ["teacher", *(f"student{number}" for number in range(1, (students or STUDENTS) + 1))]
    passwords = {**{name: secrets.token_urlsafe(9) for name in wanted}, **known}
    if passwords != known:
        new = file.with_name(f".{file.name}.new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(passwords, out, indent=1)
        new.replace(file)
    return passwords


def _start(state: Path, port: int, courses: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start the hub in a session of its own: a Ctrl-C at the terminal reaches this program alone."""
    environment = {
        **os.environ,
        "AUTOGRADER_HUB_STATE": str(state),
        "AUTOGRADER_HUB_PORT": str(port),
        "AUTOGRADER_HUB_COURSE": ",".join(courses),
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
