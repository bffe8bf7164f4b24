"""A teacher's Jupyter server with formgrader, as a process of its own, for one course folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.hub.running import free_ports

__all__ = ["FormgraderServer", "running_formgrader"]

_PATIENCE = 120.0


class FormgraderServer:
    """A running server; paths stand below its address."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url, self.process = url, process
        self._session = requests.Session()
        self._session.headers["Authorization"] = "token secret"

    def get(self, path: str) -> Any:
        """Return what a path answers, as JSON."""
        answer = self._session.get(self.url + path, timeout=_PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, path: str) -> str:
        return self._session.get(self.url + path, timeout=_PATIENCE).text

    def post(self, path: str) -> Any:
        answer = self._session.post(self.url + path, timeout=_PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._session.put(self.url + path, json=body, timeout=_PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, path: str, condition: Any) -> Any:
        """Ask again and again until what is answered is as wanted."""
        deadline = time.monotonic() + _PATIENCE
        while not condition(found := self.get(path)):
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
        return found


@contextmanager
def running_formgrader(root: Path, suites: Path, **environment: str) -> Iterator[FormgraderServer]:
    """Run a server in a course folder; it and its workers are gone afterwards."""
    port = free_ports(1)
    home = root.parent / f"{root.name}-home"
    variables = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONUTF8": "1",
        "AUTOGRADER_SUITES": str(suites),
        "OMP_NUM_THREADS": "1",
        **environment,
    }
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "jupyter_server", f"--ServerApp.port={port}", "--no-browser"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    command += ["--IdentityProvider.token=secret", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    screen = home / "screen.txt"
    with screen.open("wb") as file:
        process = subprocess.Popen(command, cwd=root, env=variables, stdout=file, stderr=file)
    server = FormgraderServer(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + _PATIENCE
        while "is running at" not in screen.read_text(encoding="utf-8"):
            assert process.poll() is None, screen.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, screen.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)
