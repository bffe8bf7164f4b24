"""What each assignment takes: its notebook in a real kernel, full and with FAST=1, and its hidden suite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograder.corpus import Case
from autograder.judge import Judge
from autograder.sandbox import ForkServer
from tests.grading.works import IDS, ROOT, job_for

REFERENCE = Case("reference", "the instructor's own", "", (), "100", ())
KERNEL = """
import resource, sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
"""


def notebook(assignment_id: str, *, fast: bool) -> dict[str, float]:
    """Run the solved notebook in a kernel of its own; return seconds, the kernel's start and imports included."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / assignment_id
        shutil.copytree(ROOT / "solutions" / assignment_id, place)
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": folder, "FAST": "1" if fast else "0"}
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", KERNEL, f"{assignment_id}.ipynb"],
            cwd=place,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        wall = time.perf_counter() - started
    return {"wall_seconds": round(wall, 1), "cpu_seconds": round(float(done.stdout.split()[-1]), 1)}


def suite(server: ForkServer, assignment_id: str) -> dict[str, float]:
    """Grade the reference twice by one judge; return the seconds of the second time, experiments left out."""
    with Judge(server) as judge:
        for _ in range(2):
            process = psutil.Process(judge.pid) if judge.pid else None
            before = sum(process.cpu_times()[:2]) if process else 0.0
            started = time.perf_counter()
            result = judge.grade(job_for(assignment_id, REFERENCE), deadline=600)
            wall = time.perf_counter() - started
            own = sum(psutil.Process(judge.pid).cpu_times()[:2]) - before
        return {"cpu_seconds": round(own + result["usage"]["cpu_seconds"], 2), "wall_seconds": round(wall, 2)}


def suites() -> dict[str, dict[str, float]]:
    """Return, for each assignment, what grading the reference costs: its notebook and its hidden suite."""
    with ForkServer() as server:
        return {assignment_id: suite(server, assignment_id) for assignment_id in IDS}


def notebooks() -> dict[str, dict[str, dict[str, float]]]:
    """Return, for each assignment, the figures of `notebook`, full and with ``FAST=1``."""
    return {
        assignment_id: {"full": notebook(assignment_id, fast=False), "fast": notebook(assignment_id, fast=True)}
        for assignment_id in IDS
    }
