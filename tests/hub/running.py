"""A real hub, as `make hub` starts it, and clients that speak to it as its users do: a password first, then a token.

    with running_hub(tmp_path) as hub:
        student = hub.client("student1")
        student.start_server()
        student.get("/api/contents")

Nothing is left behind: `running_hub` fails if a process of the hub's is alive after it has stopped.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests

__all__ = ["COURSE", "Client", "Hub", "free_ports", "processes_of", "running_hub"]

ROOT = Path(__file__).resolve().parents[2]
COURSE = "whydl"
PATIENCE = 180.0


class Client:
    """One user over REST. Paths of `get`, `post` and `put` stand below the user's own server."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.name = url, name
        with requests.Session() as browser:
            browser.get(f"{url}/hub/login", timeout=PATIENCE)
            form = {"username": name, "password": password, "_xsrf": browser.cookies.get("_xsrf", path="/hub/")}
            answer = browser.post(f"{url}/hub/login", data=form, timeout=PATIENCE, allow_redirects=False)
            assert answer.status_code == 302, f"{name} cannot log in: {answer.status_code}"
            made = browser.post(
                f"{url}/hub/api/users/{name}/tokens",
                json={"note": "tests"},
                headers={"X-XSRFToken": browser.cookies.get("_xsrf", path="/hub/")},
                timeout=PATIENCE,
            )
        assert made.status_code == 201, made.text
        self.token = str(made.json()["token"])
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"token {self.token}"

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Ask for a path of the whole site; redirects are answers too."""
        return self._session.request(
            method, self.url + path, timeout=PATIENCE, allow_redirects=False, **options
        )  # fmt: skip

    def get(self, path: str) -> requests.Response:
        return self.ask("GET", f"/user/{self.name}{path}")

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.ask("POST", f"/user/{self.name}{path}", **options)

    def put(self, path: str, **options: Any) -> requests.Response:
        return self.ask("PUT", f"/user/{self.name}{path}", **options)

    def start_server(self) -> None:
        """Start the user's server, unless it runs, and wait until it is ready."""
        answer = self.ask("POST", f"/hub/api/users/{self.name}/server")
        assert answer.status_code in (201, 202, 400), answer.text
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            model = self.ask("GET", f"/hub/api/users/{self.name}").json()
            if model["servers"].get("", {}).get("ready"):
                return
            assert model.get("pending") or model["servers"], f"the server of {self.name} did not start"
            time.sleep(0.3)
        raise AssertionError(f"the server of {self.name} is not ready")


@dataclass
class Hub:
    """A running hub.

    Args:
        url: its address, no slash at the end.
        state: its state folder.
        process: the launcher.
        passwords: of each user.
    """

    url: str
    state: Path
    process: subprocess.Popen[str]
    passwords: dict[str, str]

    @property
    def course(self) -> Path:
        return self.state / "home" / "teacher" / COURSE

    @property
    def exchange(self) -> Path:
        return self.state / "exchange"

    @property
    def log(self) -> str:
        return (self.state / "hub.log").read_text(encoding="utf-8", errors="replace")

    def client(self, name: str) -> Client:
        return Client(self.url, name, self.passwords[name])

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal to the launcher and return its exit status once it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def free_ports(count: int) -> int:
    """Return the first of `count` ports in a row that are free now.

    They are taken from the range $AUTOGRADER_TEST_PORTS (FIRST-LAST) if that is set; xdist's workers look in different
    places, so that two hubs that start at once do not meet.
    """
    first, _, last = os.environ.get("AUTOGRADER_TEST_PORTS", "21000-29000").partition("-")
    start, end = int(first), int(last) - count + 1
    worker = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0)
    for step in range(0, end - start + 1, count):
        place = start + (step + worker * 40) % (end - start + 1)
        if all(_is_free(port) for port in range(place, place + count)):
            return place
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def processes_of(state: Path) -> list[str]:
    """Return the command lines of living processes that belong to the hub of a state folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                words = process.cmdline()
                mine = process.environ().get("AUTOGRADER_HUB_STATE") == str(state)
                inside = any(str(state) in word for word in (*words, *process.environ().values()))
                if mine or inside:
                    found.append(" ".join(words))
        except (psutil.Error, OSError):
            continue
    return found


@contextmanager
def running_hub(
    state: Path,
    *,
    prefix: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[Hub]:
    """Run a hub with its state in `state`, stop it by Ctrl-C's signal, and see that nothing of it is left.

    Args:
        state: a folder of its own.
        prefix: a command that starts the launcher, `setpriv` for instance.
        environment: variables besides this process's.
        python: the interpreter that runs it.
    """
    courses = len((environment or {}).get("AUTOGRADER_HUB_COURSE", COURSE).split(","))
    port = free_ports(2 + 2 * courses)
    variables = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "AUTOGRADER_HUB_STATE": str(state),
        "AUTOGRADER_HUB_PORT": str(port),
        "AUTOGRADER_HUB_COURSE": COURSE,
        **(environment or {}),
    }
    command = [*prefix, python, "-m", "course.deploy.local"]
    screen = state.parent / f"{state.name}-screen.txt"
    with screen.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=file, stderr=file, text=True
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while "Ctrl-C" not in screen.read_text(encoding="utf-8"):
            assert process.poll() is None, screen.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "the hub does not come up"
            time.sleep(0.2)
        passwords = json.loads((state / "passwords.json").read_text(encoding="utf-8"))
        yield Hub(f"http://127.0.0.1:{port}", state, process, passwords)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    assert processes_of(state) == []
