"""Put a course on a machine that runs The Littlest JupyterHub, follow the kit's updates, and take it away again.

    sudo python3 course/deploy/tljh/install.py whydl
    sudo python3 course/deploy/tljh/install.py uninstall whydl
    sudo python3 course/deploy/tljh/install.py whydl --dry-run        # prints, changes nothing

It writes files of its own names only, those of `_files` (the hub's drop-in, the registry of courses, the settings of
students' and staff's servers, two systemd units for each course), and remembers their hashes in ``installed.json``. A
file that somebody edited, or that was there before, is kept as ``NAME.bak-DATE`` before it is written. Courses are
entries of ``courses.json``, where each keeps its names, its unix user and its ports. A folder that is there keeps its
owner and mode. Course folders, gradebooks and the exchange are never removed.

With ``DESTDIR`` set, folders and files are laid out below it and no program is run (used by the tests). Standard
library only: it runs in the system's Python 3.9 or later.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KIT = HERE.parents[2]
TLJH = Path("/opt/tljh")
DROP_IN = TLJH / "config/jupyterhub_config.d/zz_autograder.py"
CONFIG = TLJH / "config/autograder"
STUDENT = TLJH / "user/share/autograder/student"
HOME = Path("/srv/grader")
EXCHANGE = Path("/srv/nbgrader/exchange")
UNITS = Path("/etc/systemd/system")
HUB_API = "http://127.0.0.1:15001/hub/api"
"""Where TLJH's hub listens."""
REGISTRY, REMEMBERED = CONFIG / "courses.json", CONFIG / "installed.json"
GROUP = "grader"
FIRST_PORT = 10101

_COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,22}[a-z0-9]", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", re.ASCII)


class Refusal(Exception):  # noqa: N818 - not every one is an error of the program
    """What cannot be done, in a sentence for the person at the terminal; the first argument is a stable code."""


class Machine:
    """The machine, or a tree that stands for it: every change goes through here, so that ``--dry-run`` makes none."""

    def __init__(self, dest: str, dry: bool) -> None:
        self.dest, self.dry = dest, dry
        self.date = dt.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")

    @property
    def real(self) -> bool:
        """Whether programs are run."""
        return not self.dest

    def at(self, path: Path) -> Path:
        """Return where a path of the machine is."""
        return Path(self.dest + str(path)) if self.dest else path

    def tell(self, what: str, path: object) -> None:
        """Print one step."""
        print(f"  {what:<6} {path}")

    def folder(self, path: Path, mode: int) -> list[str]:
        """Make a folder and those above it; return what was made. One that is there is left as it is."""
        made = []
        for part in [*reversed(path.parents), path]:
            if not self.at(part).is_dir():
                self.tell("폴더", part)
                made.append(str(part))
                if not self.dry:
                    self.at(part).mkdir(mode=0o755)
                    self.at(part).chmod(mode if part == path else 0o755)
        return made

    def write(self, path: Path, content: bytes, mode: int, known: str | None) -> None:
        """Write a file whole, after a copy of what somebody else has put there.

        Args:
            path: where.
            content: its bytes.
            mode: its permissions.
            known: the hash of what was written there last time, None if nothing was.
        """
        file = self.at(path)
        present = _hash(file.read_bytes()) if file.is_file() else None
        if present == _hash(content):
            return
        if present is not None and present != known:
            backup = file.with_name(f"{file.name}.bak-{self.date}")
            self.tell("백업", f"{path} -> {backup.name}")
            if not self.dry:
                shutil.copy2(file, backup)
        self.tell("쓰기", path)
        if not self.dry:
            new = file.with_name(f".{file.name}.new")
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
            new.chmod(mode)
            new.replace(file)

    def remove(self, path: Path, known: str) -> None:
        """Remove a file; an edited one stays as a backup."""
        file = self.at(path)
        if not file.is_file():
            return
        edited = _hash(file.read_bytes()) != known
        self.tell("지움", f"{path}" + (f" (고친 파일: {path.name}.bak-{self.date})" if edited else ""))
        if not self.dry:
            if edited:
                shutil.copy2(file, file.with_name(f"{file.name}.bak-{self.date}"))
            file.unlink()

    def run(self, *command: object, check: bool = True) -> None:
        """Run a program as root; prints it."""
        words = [str(word) for word in command]
        self.tell("실행", shlex.join(words))
        if self.real and not self.dry:
            subprocess.run(words, check=check)


def main(arguments: list[str]) -> int:
    """Install or uninstall; return the exit status: 2 for a refusal, 4 for a machine that cannot confine."""
    uninstalls = arguments[:1] == ["uninstall"]
    parser = argparse.ArgumentParser(prog="install.sh", description="과목을 The Littlest JupyterHub에 설치합니다.")
    parser.add_argument("course", help="과목 ID")
    parser.add_argument("--dry-run", action="store_true", help="무엇을 할지 적기만 하고 아무것도 바꾸지 않습니다")
    if not uninstalls:
        parser.add_argument("--timezone", help="기록과 학생 서버의 시간대 (기본 Asia/Seoul)")
        parser.add_argument(
            "--upgrade-packages",
            action="store_true",
            help="TLJH의 사용자 환경에 이미 있는 패키지의 판을 바꾸어도 됩니다 (기본은 바꾸지 않고 그만둡니다)",
        )
    options = parser.parse_args(arguments[1:] if uninstalls else arguments)
    machine = Machine(os.environ.get("DESTDIR", "").rstrip("/"), options.dry_run)
    try:
        _check(machine, options.course)
        if uninstalls:
            return _uninstall(machine, options.course)
        return _install(machine, options.course, options.timezone, options.upgrade_packages)
    except Refusal as refusal:
        code, sentence = refusal.args
        print(f"오류 [{code}] {sentence}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"오류 [command-failed] 실행하지 못했습니다: {shlex.join(error.cmd)}", file=sys.stderr)
        return 1


def _check(machine: Machine, course: str) -> None:
    if not _COURSE_ID.fullmatch(course):
        raise Refusal("course-id-invalid", f"과목 ID를 쓸 수 없습니다: {course}")
    if course in ("venv", "kit", "settings", "home", "uninstall"):
        raise Refusal("course-id-invalid", f"설치 폴더의 이름이라 과목 ID로 쓸 수 없습니다: {course}")
    if machine.real and os.geteuid() != 0:
        raise Refusal("not-root", "root로 실행하세요(sudo).")
    if machine.real and not (TLJH / "hub/bin/python").exists():
        raise Refusal("tljh-missing", f"The Littlest JupyterHub를 찾을 수 없습니다: {TLJH}")


# --- What is written


def _files(courses: dict[str, dict[str, object]], base_url: str) -> dict[Path, tuple[bytes, int]]:
    """Return every file of ours with its content and mode: this table is all that an installation writes."""
    found = {
        DROP_IN: ((HERE / "zz_autograder.py").read_bytes(), 0o600),
        REGISTRY: (json.dumps({"courses": courses}, indent=1, ensure_ascii=False).encode() + b"\n", 0o600),
        **{
            CONFIG / "templates" / name: ((HERE.parent / "templates" / name).read_bytes(), 0o644)
            for name in ("page.html", "error.html")
        },
    }
    for course, entry in courses.items():
        found |= _unit_files(course, entry, base_url)
    for source, target, mode in (("student", STUDENT, 0o644), ("staff", HOME / "settings", 0o640)):
        folder = HERE.parent / "settings" / source
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found[target / path.relative_to(folder)] = (path.read_bytes(), mode)
    return found


def _units(entry: dict[str, object]) -> tuple[str, str]:
    """Return the names of a course's systemd units: the web service and formgrader."""
    return f"autograder-web-{entry['key']}.service", f"autograder-formgrader-{entry['key']}.service"


def _unit_files(course: str, entry: dict[str, object], base_url: str) -> dict[Path, tuple[bytes, int]]:
    """Return the systemd units of a course and their environments, which hold what the hub knows the services by."""
    root, bin_folder = HOME / course, HOME / "venv/bin"
    common = {
        "HOME": HOME / "home" / course,
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": entry["timezone"],
        "AUTOGRADER_COURSE_ROOT": root,
        "AUTOGRADER_COURSE_ID": course,
        "JUPYTERHUB_API_URL": HUB_API,
        "JUPYTERHUB_BASE_URL": base_url,
    }
    web = {
        "AUTOGRADER_EXCHANGE": EXCHANGE,
        "AUTOGRADER_STAFF_GROUP": f"formgrade-{course}",
        "AUTOGRADER_STUDENT_GROUP": f"nbgrader-{course}",
        # The owner of what is handed in has to be the student's own unix user.
        "AUTOGRADER_OWNER_CHECK": "on",
        "AUTOGRADER_UNIX_PREFIX": "jupyter-",
    }
    formgrader = {"JUPYTER_CONFIG_PATH": HOME / "settings", "JUPYTERHUB_DEFAULT_URL": "/lab"}
    commands = (f"{bin_folder}/python -P -m autograder.service", f"{bin_folder}/jupyterhub-singleuser")
    found = {}
    for number, (unit, more) in enumerate(zip(_units(entry), (web, formgrader))):  # noqa: B905 - Python 3.9
        name = str(entry[("service", "formgrader")[number]])
        own = {
            "JUPYTERHUB_SERVICE_NAME": name,
            "JUPYTERHUB_SERVICE_PREFIX": f"{base_url}services/{name}/",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{list(entry['ports'])[number]}",
            "JUPYTERHUB_CLIENT_ID": f"service-{name}",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": f'["access:services!service={name}"]',
            "JUPYTERHUB_API_TOKEN": list(entry["tokens"])[number],
        }
        variables = CONFIG / unit.replace(".service", ".env")
        lines = [f"{key}='{value}'\n" for key, value in {**common, **more, **own}.items()]
        found[variables] = ("".join(lines).encode(), 0o600)
        found[UNITS / unit] = (
            f"""[Unit]
Description={name}: service of the course {course} in JupyterHub
After=network-online.target jupyterhub.service

[Service]
User={entry["user"]}
Group={GROUP}
WorkingDirectory={root}
EnvironmentFile={variables}
ExecStart={commands[number]}
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
""".encode(),
            0o644,
        )
    return found


def _base_url(machine: Machine) -> str:
    """Return the hub's base URL as TLJH's config.yaml has it, with a slash at both ends."""
    file = machine.at(TLJH / "config/config.yaml")
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = re.search(r"^base_url:\s*['\"]?(/[^\s'\"]*)", text, re.MULTILINE)
    return (found[1].rstrip("/") if found else "") + "/"


def _entry(machine: Machine, course: str, courses: dict[str, dict[str, object]], zone: str | None) -> dict[str, object]:
    """Return a course's entry: the one it has, or one whose names and ports nobody else on this hub uses."""
    if zone is not None and not _ZONE.fullmatch(zone):
        raise Refusal("timezone-invalid", f"시간대를 쓸 수 없습니다: {zone}. 'Asia/Seoul'처럼 적으세요.")
    if course in courses:
        return {**courses[course], **({"timezone": zone} if zone else {})}
    others = _others(machine)
    for name in (f"formgrade-{course}", f"nbgrader-{course}"):
        _refuse_if_used(name, others)
    taken = {str(entry[kind]) for entry in courses.values() for kind in ("service", "formgrader")}
    service = f"autograder-{course}" if courses or _users("autograder", others) else "autograder"
    for name in (service, course):
        if name in taken:
            raise Refusal("name-taken", f"이 이름은 다른 과목이 쓰고 있습니다: {name}. 다른 과목 ID를 정하세요.")
        _refuse_if_used(name, others)
    key = course if _KEY.fullmatch(course) else ""
    if not key:
        readable = re.sub(r"[^a-z0-9]+", "-", course.lower()).strip("-")[:14].strip("-")
        key = f"c-{readable}-{_hash(course.encode())[:6]}".replace("--", "-")
    return {
        "key": key,
        "user": f"grader-{key}",
        "service": service,
        "formgrader": course,
        "ports": _ports(machine, courses, others),
        "tokens": [secrets.token_hex(32), secrets.token_hex(32)],
        "timezone": zone or "Asia/Seoul",
    }


def _others(machine: Machine) -> dict[Path, str]:
    """Return the text of the hub's configuration that is not ours."""
    folder = machine.at(TLJH / "config")
    return {
        path: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted([*folder.glob("*.y*ml"), *folder.glob("jupyterhub_config.d/*.py")])
        if path != machine.at(DROP_IN)
    }


def _users(name: str, others: dict[Path, str]) -> list[Path]:
    """Return the files in which a name stands as a word of its own."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
    return [path for path, text in others.items() if word.search(text)]


def _refuse_if_used(name: str, others: dict[Path, str]) -> None:
    if files := _users(name, others):
        raise Refusal(
            "name-taken",
            f"이 허브의 다른 설정에 같은 이름이 있습니다: {name} ({files[0]}). 다른 과목 ID를 정하세요.",
        )


def _ports(machine: Machine, courses: dict[str, dict[str, object]], others: dict[Path, str]) -> list[int]:
    """Return two ports that no course has, no other configuration names and nobody listens at."""
    taken = {int(number) for text in others.values() for number in re.findall(r"(?<!\d)\d{4,5}(?!\d)", text)}
    taken |= {int(port) for entry in courses.values() for port in list(entry["ports"])}
    found: list[int] = []
    for port in range(FIRST_PORT, 65000):
        if port not in taken and (not machine.real or _is_free(port)):
            found.append(port)
            if len(found) == 2:
                return found
    raise Refusal("ports-missing", "쓸 수 있는 포트가 없습니다.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _read(machine: Machine, path: Path, key: str) -> dict[str, object]:
    """Return one value of a JSON file of ours; empty if there is no file."""
    file = machine.at(path)
    if not file.exists():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))[key])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal("registry-unreadable", f"읽을 수 없습니다: {path} ({error}). 백업을 되돌리세요.") from error


# --- Install


def _install(machine: Machine, course: str, zone: str | None, upgrade: bool) -> int:
    courses = _read(machine, REGISTRY, "courses")
    known, made = _read(machine, REMEMBERED, "files"), list(_read(machine, REMEMBERED, "folders"))
    entry = _entry(machine, course, courses, zone)
    courses[course] = entry
    user = str(entry["user"])
    print(f"{course}: 서비스 {entry['service']}, 포트 {entry['ports']}, 유닉스 사용자 {user}")

    if machine.real:
        machine.run("groupadd", "--system", "--force", GROUP)
        if subprocess.run(["id", user], check=False, capture_output=True).returncode:
            machine.run("useradd", "--system", "--gid", GROUP, "--no-create-home", "--home-dir", HOME / "home" / course,
                        "--shell", "/usr/sbin/nologin", user)  # fmt: skip
    made += _folders(machine, course)

    files = _files(courses, _base_url(machine))
    for path, (content, mode) in files.items():
        made += machine.folder(path.parent, 0o700 if path.parent == CONFIG else 0o755)
        machine.write(path, content, mode, known.get(str(path)))
    for path in set(known) - {str(path) for path in files}:
        machine.remove(Path(path), str(known[path]))
    _remember(machine, {str(path): _hash(content) for path, (content, _) in files.items()}, made)

    if not machine.real:
        return 0
    machine.run("chown", f"root:{GROUP}", HOME, HOME / "home", HOME / "settings")
    machine.run("chgrp", "-R", GROUP, HOME / "settings")
    machine.run("chown", f"{user}:{GROUP}", HOME / "home" / course, HOME / course)
    _programs(machine, upgrade)
    return _course(machine, course, user, [unit for each in courses.values() for unit in _units(each)])


def _folders(machine: Machine, course: str) -> list[str]:
    """Make what is not a file's own folder. The exchange: everybody writes, the sticky bit keeps each other's apart."""
    made = machine.folder(HOME, 0o750)
    for folder, mode in (("home", 0o750), (f"home/{course}", 0o700), (course, 0o700), ("settings", 0o750)):
        made += machine.folder(HOME / folder, mode)
    machine.folder(EXCHANGE, 0o1777)
    exchange = machine.at(EXCHANGE)
    if exchange.is_dir() and exchange.stat().st_mode & 0o003 != 0o003:
        print(f"  주의   교환 폴더에 아무나 쓸 수 없습니다: {EXCHANGE}. 이미 있던 폴더라 바꾸지 않았습니다.")
    return [path for path in made if Path(path) not in (HOME, HOME / course, HOME / "home", HOME / "home" / course)]


def _remember(machine: Machine, files: dict[str, str], folders: list[str]) -> None:
    if machine.dry:
        return
    machine.at(CONFIG).mkdir(parents=True, exist_ok=True)
    content = json.dumps({"files": files, "folders": dict.fromkeys(folders, True)}, indent=1)
    file = machine.at(REMEMBERED)
    file.touch(mode=0o600)
    file.write_text(content + "\n", encoding="utf-8")


def _programs(machine: Machine, upgrade: bool) -> None:
    """Install the grader's environment, which students cannot read, and the students' wheel beside TLJH's JupyterLab.

    The grader's JupyterHub is of the hub's own version. In the students' environment, which other courses use too,
    nothing that is there changes its version unless that is asked for.
    """
    venv, kit = HOME / "venv", HOME / "kit"
    version = subprocess.run(
        [str(TLJH / "hub/bin/python"), "-c", "import jupyterhub; print(jupyterhub.__version__)"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    user_python = TLJH / "user/bin/python"
    os.umask(0o027)
    with tempfile.TemporaryDirectory() as folder:
        limits, there = Path(folder) / "constraints.txt", Path(folder) / "there.txt"
        pinned = (KIT / "constraints.txt").read_text(encoding="utf-8").splitlines(keepends=True)
        limits.write_text("".join(line for line in pinned if not line.lower().startswith("jupyterhub==")))
        if not (venv / "bin/python").exists():
            machine.run(user_python, "-m", "venv", venv)
        pip = [venv / "bin/python", "-m", "pip", "install", "--quiet"]
        machine.run(*pip, "--constraint", limits, "torch", "numpy", "build", "hatchling")
        machine.run("rm", "-rf", kit)
        machine.run("mkdir", kit)
        machine.run("cp", "-r", *(KIT / name for name in ("autograder", "course", "solutions", "pyproject.toml")),
                    *(KIT / name for name in ("README.md", "LICENSE")), kit)  # fmt: skip
        machine.run(*pip, "--constraint", limits, f"{kit}[hub]", f"jupyterhub=={version}")
        machine.run(venv / "bin/python", "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, kit / "course")
        machine.run("chown", "-R", f"root:{GROUP}", venv, kit)
        machine.run("chmod", "-R", "u=rwX,g=rX,o=", venv, kit)

        os.umask(0o022)
        freeze = subprocess.run([str(user_python), "-m", "pip", "freeze", "--exclude", "whydl-course"],
                                check=True, capture_output=True, text=True)  # fmt: skip
        there.write_text("".join(line + "\n" for line in freeze.stdout.splitlines() if "==" in line))
        keep = [] if upgrade else ["--constraint", there]
        wheels = sorted(Path(folder).glob("whydl_course-*.whl")) or [Path(folder) / "whydl_course-*.whl"]
        try:
            machine.run(user_python, "-m", "pip", "install", "--quiet", *keep, *wheels, "nbgrader>=0.9.6,<0.10",
                        "jupyterlab-language-pack-ko-KR>=4.4")  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise Refusal(
                "packages-would-change",
                "TLJH의 사용자 환경에 이미 있는 패키지의 판을 바꾸지 않고는 설치할 수 없습니다. 다른 과목에 영향이 "
                "없는지 확인한 뒤 --upgrade-packages를 붙여 다시 실행하세요. 설정 파일은 썼지만 허브는 아직 다시 "
                "읽지 않았습니다.",
            ) from error


def _course(machine: Machine, course: str, user: str, units: list[str]) -> int:
    """Make or update the course folder, and see whether this machine can confine student code: no grading otherwise.

    The programs are every course's, so that every course's services start anew.
    """
    os.umask(0o077)
    root = HOME / course
    machine.run("chown", "-R", f"{user}:{GROUP}", root, HOME / "home" / course)
    grader = HOME / "venv/bin/autograder"
    as_user = ["runuser", "-u", user, "--", "env", "-C", root, f"HOME={HOME / 'home' / course}"]
    machine.run(*as_user, grader, "course", "init", root, "--course-id", course, "--exchange", EXCHANGE,
                "--solutions", HOME / "kit/solutions")  # fmt: skip
    try:
        machine.run(*as_user, grader, "doctor")
    except subprocess.CalledProcessError:
        print(
            "오류 [confinement-missing] 이 컴퓨터에서는 채점할 수 없습니다. 위에 까닭과 할 일이 있습니다.",
            file=sys.stderr,
        )
        return 4
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "enable", *units)
    machine.run(TLJH / "hub/bin/tljh-config", "reload", "hub")
    machine.run("systemctl", "restart", *units)
    print(f"조교를 formgrade-{course}, 학생을 nbgrader-{course} 그룹에 넣으세요. 켜져 있는 서버는 다시 시작하세요.")
    return 0


# --- Uninstall


def _uninstall(machine: Machine, course: str) -> int:
    courses = _read(machine, REGISTRY, "courses")
    known, made = _read(machine, REMEMBERED, "files"), list(_read(machine, REMEMBERED, "folders"))
    if course not in courses:
        raise Refusal(
            "course-missing", f"설치된 과목이 아닙니다: {course} (설치된 과목: {', '.join(courses) or '없음'})"
        )
    entry = dict(courses.pop(course))
    if machine.real:
        machine.run("systemctl", "disable", "--now", *_units(entry), check=False)
    files = _files(courses, _base_url(machine)) if courses else {}
    for path in sorted(set(known) - {str(path) for path in files}):
        machine.remove(Path(path), str(known[path]))
    if courses:
        content, mode = files[REGISTRY]
        machine.write(REGISTRY, content, mode, known.get(str(REGISTRY)))
        left = {path: value for path, value in known.items() if Path(path) in files}
        _remember(machine, {**left, str(REGISTRY): _hash(content)}, made)
    else:
        _forget(machine, made)
    if machine.real:
        machine.run("systemctl", "daemon-reload")
        machine.run(TLJH / "hub/bin/tljh-config", "reload", "hub")
    print(
        f"설정을 지웠습니다. 남겨 둔 것: 과목 폴더 {HOME / course}(성적부 포함), {HOME / 'home' / course}, "
        f"교환 폴더 {EXCHANGE}, 유닉스 사용자 {entry['user']}, 허브의 그룹."
    )
    return 0


def _forget(machine: Machine, folders: list[str]) -> None:
    """Remove what served every course: the memory of the installation, its folders where empty, the programs."""
    if not machine.dry:
        machine.at(REMEMBERED).unlink(missing_ok=True)
    for path in sorted(folders, key=len, reverse=True):
        folder = machine.at(Path(path))
        if not machine.dry and folder.is_dir() and not any(folder.iterdir()):
            machine.tell("지움", path)
            folder.rmdir()
    if machine.real:
        machine.run("rm", "-rf", HOME / "venv", HOME / "kit")
        machine.run(TLJH / "user/bin/python", "-m", "pip", "uninstall", "--yes", "--quiet", "whydl-course")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
