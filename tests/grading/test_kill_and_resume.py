"""`kill -9` of the whole grader in the middle of a class: nothing lost, nothing twice, nothing left running."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.grading.ledger import Ledger
from tests.bench import material

BIN = Path(sys.executable).parent


def start(root: Path) -> subprocess.Popen[bytes]:
    command = [str(BIN / "autograder"), "grade", material.ASSIGNMENT, "inbox", "--slots", "2", "--root", ".", "--json"]
    environment = {**os.environ, "AUTOGRADER_SUITES": str(root / "suites"), "WHYDL_TEST_MARK": str(root)}
    return subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def until(condition: object, seconds: float = 60.0) -> None:
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        pause.wait(0.02)


def done(root: Path) -> int:
    if not (root / "graded" / "ledger.db").exists():
        return 0
    ledger = Ledger(root / "graded" / "ledger.db")
    try:
        return ledger.counts(material.ASSIGNMENT).get("done", 0)
    finally:
        ledger.close()


@pytest.mark.xdist_group("heavy")
@pytest.mark.parametrize("count", [12, pytest.param(100, marks=pytest.mark.soak)])
def test_a_class_killed_in_the_middle_is_finished_by_the_same_command(tmp_path: Path, count: int) -> None:
    material.write_ours(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(count):
        notebook = material.submission(tests_inside=False, name=f"s{number}")
        nbformat.write(notebook, inbox / f"s{number:04d}.ipynb")

    first = start(tmp_path)
    family: dict[int, psutil.Process] = {}

    def some_are_done() -> bool:
        for process in psutil.Process(first.pid).children(recursive=True):
            family[process.pid] = process
        assert first.poll() is None, first.communicate()
        return done(tmp_path) >= count // 4

    until(some_are_done)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = done(tmp_path)
    assert count // 4 <= before < count

    until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family.values()), 10)

    second = start(tmp_path)
    output, errors = second.communicate(timeout=300)
    assert second.returncode == 0, errors.decode()
    summary = json.loads(output)
    assert summary["cached"] >= before
    assert len(summary["scores"]) == count
    assert set(summary["scores"].values()) == {100.0}
    assert done(tmp_path) == count
    assert len(list((tmp_path / "graded" / "records").glob("*.json"))) == count
