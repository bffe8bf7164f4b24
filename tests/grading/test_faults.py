"""What operations can do to a grader: processes killed at random, a full disk, a locked or lost ledger, Ctrl-C.

Real processes: the grader runs as ``autograder grade``; the killer sees it and everything it started.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder.grading.ledger import Ledger
from tests.bench import material

BIN = Path(sys.executable).parent
pytestmark = pytest.mark.xdist_group("heavy")


def course(root: Path, count: int) -> None:
    material.write_ours(root)
    inbox = root / "inbox"
    inbox.mkdir()
    for number in range(count):
        nbformat.write(material.submission(tests_inside=False, name=f"s{number}"), inbox / f"s{number:05d}.ipynb")


def start(root: Path, out: str = "graded") -> subprocess.Popen[bytes]:
    command = [str(BIN / "autograder"), "grade", material.ASSIGNMENT, "inbox", "--slots", "2", "--root", "."]
    (root / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "AUTOGRADER_SUITES": str(root / "suites"), "TMPDIR": str(root / "tmp")}
    return subprocess.Popen(
        [*command, "--out", out, "--json"], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(root: Path, out: str = "graded") -> int:
    if not (root / out / "ledger.db").exists():
        return 0
    ledger = Ledger(root / out / "ledger.db")
    try:
        return ledger.counts(material.ASSIGNMENT).get("done", 0)
    finally:
        ledger.close()


def until(condition: Any, seconds: float = 90.0) -> None:
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        pause.wait(0.02)


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def alive(processes: set[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def left_in_scratch(root: Path) -> list[str]:
    return [path.name for path in (root / "tmp").iterdir()]


def check(root: Path, output: bytes, count: int) -> None:
    """Every submission has its grade once, in the ledger, in the records and in the table."""
    summary = json.loads(output)
    assert len(summary["scores"]) == count
    assert set(summary["scores"].values()) == {100.0}
    assert summary["needs_staff"] == []
    assert finished(root) == count
    assert len(list((root / "graded" / "records").glob("*.json"))) == count
    with contextlib.closing(sqlite3.connect(root / "graded" / "ledger.db")) as database:
        assert database.execute("select count(*), count(distinct student) from jobs").fetchone() == (count, count)


@pytest.mark.parametrize(
    "count", [int(os.environ.get("FAULT_RESULTS", "60")), pytest.param(10_000, marks=pytest.mark.soak)]
)
def test_processes_killed_at_random_lose_and_double_nothing(tmp_path: Path, count: int) -> None:
    course(tmp_path, count)
    rng = random.Random(20260901)
    seen: set[psutil.Process] = set()
    kills = dict.fromkeys(("grader", "server", "child"), 0)
    runs, pause, calm_after = 0, threading.Event(), count * 0.8
    while True:
        runs += 1
        assert runs < 10 + count // 10, "no progress"
        grader, done = start(tmp_path), finished(tmp_path)
        # By results, not by the clock: a busy machine is not killed more often than it works.
        next_kill, grader_dies = done + 2, done + rng.randint(8, 40)
        while grader.poll() is None:
            pause.wait(0.05)
            children = family(grader)
            seen.update(children)
            done = finished(tmp_path)
            if done >= calm_after:
                break
            if done >= grader_dies:
                grader.kill()
                kills["grader"] += 1
                break
            if done >= next_kill and children:
                server = next((child for child in children if child.ppid() == grader.pid), None)
                # The fork server takes seconds to start again, so it is spared more often than the rest.
                whole = rng.random() < 0.05
                victims = [child for child in children if (child == server) == whole]
                with contextlib.suppress(psutil.Error, IndexError):
                    rng.choice(victims).kill()
                    kills["server" if whole else "child"] += 1
                next_kill = done + rng.randint(1, 6)
        output, errors = grader.communicate(timeout=600 + count)
        if grader.returncode == 0 and finished(tmp_path) == count:
            break
        print(f"run {runs}: {finished(tmp_path)} results, killed so far: {kills}", flush=True)
    print(f"{count} results, {runs} runs, killed: {kills}", errors[-200:])
    assert kills["child"] > 0
    check(tmp_path, output, count)
    until(lambda: alive(seen) == [], 10)
    assert left_in_scratch(tmp_path) == []


def test_a_locked_ledger_is_waited_for(tmp_path: Path) -> None:
    course(tmp_path, 3)
    Ledger(tmp_path / "graded" / "ledger.db").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "graded" / "ledger.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        grader = start(tmp_path)
        threading.Event().wait(8)
        assert grader.poll() is None
        other.execute("rollback")
        output, errors = grader.communicate(timeout=120)
    assert grader.returncode == 0, errors.decode()
    check(tmp_path, output, 3)


def test_a_damaged_ledger_is_named_and_not_overwritten(tmp_path: Path) -> None:
    course(tmp_path, 2)
    (tmp_path / "graded").mkdir()
    ledger = tmp_path / "graded" / "ledger.db"
    ledger.write_bytes(b"not a database" * 1000)
    grader = start(tmp_path)
    _, errors = grader.communicate(timeout=120)
    assert grader.returncode == 5, errors.decode()
    assert "ledger-unavailable" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert ledger.read_bytes() == b"not a database" * 1000


def test_ctrl_c_keeps_what_is_graded_and_leaves_no_process(tmp_path: Path) -> None:
    course(tmp_path, 40)
    grader, seen = start(tmp_path), set[psutil.Process]()

    def some() -> bool:
        seen.update(family(grader))
        return finished(tmp_path) >= 4

    until(some)
    grader.send_signal(signal.SIGINT)
    _, errors = grader.communicate(timeout=60)
    assert grader.returncode == 130, errors.decode()
    assert "같은 명령으로 이어서" in errors.decode()
    kept = finished(tmp_path)
    assert 4 <= kept < 40
    until(lambda: alive(seen) == [], 10)
    assert left_in_scratch(tmp_path) == []
    again = start(tmp_path)
    output, errors = again.communicate(timeout=180)
    assert again.returncode == 0, errors.decode()
    assert json.loads(output)["cached"] >= kept
    check(tmp_path, output, 40)


def test_a_full_disk_ends_the_run_with_its_name_and_the_next_one_goes_on(tmp_path: Path) -> None:
    small = tmp_path / "graded"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("this machine lets us mount no small file system")
    try:
        course(tmp_path, 60)
        grader = start(tmp_path)
        _, errors = grader.communicate(timeout=180)
        assert grader.returncode == 5, errors.decode()
        assert "Traceback" not in errors.decode()
        assert "disk-full" in errors.decode() or "ledger-unavailable" in errors.decode()
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        again = start(tmp_path)
        output, errors = again.communicate(timeout=180)
        assert again.returncode == 0, errors.decode()
        check(tmp_path, output, 60)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)
