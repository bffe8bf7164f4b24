"""A real Dask cluster for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


class Cluster:
    """A scheduler and workers as a cluster has them: processes of their own, started by Dask's own commands.

    Args:
        folder: where its files may lie.
        environment: what its processes find set, beside what is set here.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self._contact = folder, folder / "scheduler.json"
        self._environment = {**os.environ, **environment}
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self, *options: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start a worker; `before` is a command that starts it, and that makes its machine another one."""
        asked = ("--nthreads", "1", "--no-dashboard", "--no-nanny", *options)
        self.workers.append(self._start("dask_worker", *asked, before=before))
        return self.workers[-1]

    @property
    def address(self) -> str:
        """The scheduler's, as soon as it has one."""
        while not (self._contact.exists() and self._contact.read_text()):
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        return str(json.loads(self._contact.read_text())["address"])

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):  # in this order: workers take leave of their scheduler
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)

    def _start(self, module: str, *options: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        command = [
            *before,
            sys.executable,
            "-m",
            f"distributed.cli.{module}",
            "--scheduler-file",
            str(self._contact),
            *options,
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=self.folder, env=self._environment, **quiet)  # type: ignore[call-overload, no-any-return]
