"""A real Dask cluster for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


class Cluster:
    """A scheduler and a worker as a cluster has them: processes of their own, started by Dask's own commands."""

    def __init__(self, suites: Path, folder: Path) -> None:
        self._folder, self._contact = folder, folder / "scheduler.json"
        self._environment = {**os.environ, "AUTOGRADER_SUITES": str(suites)}
        main = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start(*main)
        self.workers = [self.add_worker()]
        while not (self._contact.exists() and self._contact.read_text()):
            assert self.scheduler.poll() is None
        self.address: str = json.loads(self._contact.read_text())["address"]

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start("dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):  # in this order: workers take leave of their scheduler
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)

    def _start(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self._contact), *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=self._folder, env=self._environment, **quiet)  # type: ignore[call-overload, no-any-return]
