"""What each assignment takes: its notebook in a real kernel, full and with FAST=1, and its hidden suite."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, build_notebook
from autograder.intake import assemble, read_notebook
from autograder.judge import Judge
from autograder.model import Submission
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
    """Grade the reference on a judge that has graded it before; return seconds, the notebook's experiments included."""
    short = job_for(assignment_id, REFERENCE)
    with Judge(server) as judge:
        judge.grade(short)
        without = _graded(judge, short)
        whole = _graded(judge, _with_experiments(assignment_id, short))
    return {**whole, "without_experiments_cpu_seconds": without["cpu_seconds"]}


def _graded(judge: Judge, job: dict[str, Any]) -> dict[str, float]:
    process = psutil.Process(judge.pid)
    before, started = sum(process.cpu_times()[:2]), time.perf_counter()
    result = judge.grade(job)
    wall = time.perf_counter() - started
    own = sum(process.cpu_times()[:2]) - before
    return {"cpu_seconds": round(own + result["usage"]["cpu_seconds"], 2), "wall_seconds": round(wall, 2)}


def _with_experiments(assignment_id: str, job: dict[str, Any]) -> dict[str, Any]:
    """Return the job with the whole notebook, as students hand it in."""
    assignment = load_assignment(assignment_id, ROOT)
    master = read_master(assignment)
    read, _ = read_notebook(json.dumps(build_notebook(REFERENCE, master)).encode())
    submission = Submission("reference", assignment_id, "0" * 64, read, "bench")
    notebook = assemble(submission, assignment, master).notebook
    return {**job, "notebook": notebook, "limits": assignment.limits.to_dict()}


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
