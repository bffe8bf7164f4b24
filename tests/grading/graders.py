"""Real graders as processes of their own, on a course so small that a result costs little more than its sandbox.

Shared by the tests of what can happen to a grader: kills, clocks, a ledger that is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat

from autograder.sandbox.processes.procfs import children
from tests.bench import material
from tests.grading.tried import keep_passed

BIN = Path(sys.executable).parent
ID = material.ASSIGNMENT
ANSWER = "def double(x):\n    return 2 * x\n"
SUITE = '''\
from autograder.judge import expect, points


@points(100)
def test_double(student):
    """두 배"""
    expect(student.double({number})).equals({number} * 2)
'''

Seen = set[tuple[int, str]]
"""Processes by id and start time."""


def course(root: Path, count: int) -> None:
    """A course with one question of one test, and submissions of `count` students."""
    material.write_ours(root)
    write_suite(root)
    (root / "tmp").mkdir()
    master = material.master(tests_inside=False)
    master.cells[1].source = "import math"
    master.cells[2].source = f"### BEGIN SOLUTION\n{ANSWER}### END SOLUTION"
    nbformat.write(master, root / "solutions" / ID / "bench.ipynb")
    keep_passed(root / "graded", ID, root, suites=root / "suites")
    (root / "inbox").mkdir()
    for number in range(count):
        submit(root, f"s{number:05d}")


def write_suite(root: Path, number: int = 21) -> None:
    (root / "suites" / ID / "test_q1.py").write_text(SUITE.format(number=number), encoding="utf-8")


def submit(root: Path, student: str, answer: str = ANSWER) -> None:
    notebook = material.submission(tests_inside=False)
    notebook.cells[1].source, notebook.cells[2].source = "import math", f"# {student}\n{answer}"
    nbformat.write(notebook, root / "inbox" / f"{student}.ipynb")


def start(root: Path, out: str = "graded", *, clock: str = "", slots: int = 2) -> subprocess.Popen[bytes]:
    """Start ``autograder grade``; `clock` is an expression in seconds, added to its wall clock whenever it looks."""
    command = [str(BIN / "autograder")]
    if clock:
        wrong = f"import random, time; real = time.time; time.time = lambda: real() + ({clock})"
        command = [sys.executable, "-c", f"{wrong}; from autograder.cli import main; main()"]
    environment = {**os.environ, "AUTOGRADER_SUITES": str(root / "suites"), "TMPDIR": str(root / "tmp")}
    return subprocess.Popen(
        [*command, "grade", ID, "inbox", "--slots", str(slots), "--root", ".", "--out", out, "--json"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (a shell's `&` ignores it)
    )


def asked(root: Path, query: str, out: str = "graded") -> list[tuple[object, ...]]:
    """Ask the ledger, from outside and without a lock; nothing if there is none yet."""
    with contextlib.suppress(sqlite3.OperationalError):
        uri = f"file:{root / out / 'ledger.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute(query).fetchall()
    return []


def free(root: Path, out: str = "graded") -> bool:
    """Whether nobody is writing to the ledger."""
    with contextlib.closing(sqlite3.connect(root / out / "ledger.db", timeout=0.5)) as database:
        try:
            database.execute("begin immediate")
        except sqlite3.OperationalError:
            return False
        database.rollback()
        return True


def finished(root: Path, out: str = "graded") -> int:
    """How many results the ledger holds."""
    rows = asked(root, "select count(*) from jobs where state = 'done'", out)
    return int(str(rows[0][0])) if rows else 0


def until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        pause.wait(0.02)


def family(pid: int) -> list[int]:
    """A process's descendants, the eldest first."""
    found = list(children(pid))
    for child in found:
        found += children(child)
    return found


def known(pids: Iterable[int]) -> Seen:
    return {(pid, begun) for pid in pids if (begun := _stat(pid)[1])}


def all_gone(seen: Seen) -> bool:
    """Whether none of them runs any more (zombies that nobody waited for do not run)."""
    return not any(_stat(pid)[1] == begun and _stat(pid)[0] not in "ZX" for pid, begun in seen)


def confined(pid: int) -> bool:
    """Whether this is a sandbox: no other process of a grader has a system call filter."""
    with contextlib.suppress(OSError):
        return "\nSeccomp:\t2" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    return False


def _stat(pid: int) -> tuple[str, str]:
    """State and start time, or "" twice."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return fields[0], fields[19]
    return "", ""


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
    assert asked(root, "select count(*), count(distinct student) from jobs") == [(count, count)]
