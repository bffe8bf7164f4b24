"""Row 8: what must never be in the memory of a process that runs student code is not in it, looked at from outside.

A hidden test is held up in the middle, and the memory of the fork server, the sandbox and the question's branch is
searched as only root, or their parent, can. The same search finds what is known to be there.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.judge import Judge
from autograder.model import Limits
from autograder.sandbox import ForkServer
from tests.bench import material

from .course import write_course

_CHUNK = 1 << 24
HELD = """
import os, time
MARK = "".join({halves!r})

def softmax(x):
    open("asked", "w").close()
    while not os.path.exists("go-on"):
        time.sleep(0.02)
    return torch.softmax(x, -1)
"""


ASKING = """
import os, time
MARK = "".join({halves!r})

def softmax(x):
    return x

mine = softmax

def linear(x, w, b):
    if softmax is mine:
        return x
    softmax(x)
    open("asked-there", "w").close()
    while not os.path.exists("go-on-there"):
        time.sleep(0.02)
    return x @ w.T + b
"""


def memory_holds(pid: int, wanted: list[bytes]) -> set[bytes]:
    """Return which byte strings stand in the private memory of a process."""
    found: set[bytes] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/smaps").read_text(encoding="ascii", errors="replace").splitlines():
            if match := re.match(r"([0-9a-f]+)-([0-9a-f]+) (....)", line):
                low, high, mode = int(match[1], 16), int(match[2], 16), match[3]
            elif line.startswith("Rss:") and mode.startswith("rw") and not line.endswith(" 0 kB"):
                found |= _search(memory, low, high, wanted)
    return found


def _search(memory: Any, low: int, high: int, wanted: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    tail = b""
    for start in range(low, high, _CHUNK):
        memory.seek(start)
        try:
            chunk = tail + memory.read(min(_CHUNK, high - start))
        except OSError:  # a page that vanished
            return found
        found.update(text for text in wanted if text in chunk)
        tail = chunk[-200:]
    return found


@pytest.fixture
def job(tmp_path: Path) -> dict[str, Any]:
    """A job whose suite, reference, folder and secret carry strings of their own."""
    marks = {name: f"{name}{secrets.token_hex(16)}" for name in ("suite", "reference", "folder", "answer")}
    root = tmp_path / marks["folder"]
    root.mkdir()
    suite = write_course(root, marks["suite"])
    (suite.parent / "reference.py").write_text(
        f'import torch\n\nHIDDEN = "{marks["reference"]}"\nexpected_softmax = lambda x: torch.softmax(x, -1)\n',
        encoding="utf-8",
    )
    notebook = material.submission(tests_inside=False)
    mark = marks["answer"]
    notebook.cells[2].source += HELD.format(halves=[mark[:9], mark[9:]])
    return {
        "marks": {name: text.encode() for name, text in marks.items()},
        "job": {
            "assignment": material.ASSIGNMENT,
            "suites": str(root / "suites"),
            "notebook": notebook,
            "limits": Limits(call_seconds=60.0, question_seconds=90.0, asleep_seconds=300.0).to_dict(),
            "seed": 1,
            "secret": secrets.token_hex(32),
        },
    }


@pytest.mark.xdist_group("hostile")
def test_no_process_of_student_code_holds_the_suite_the_reference_or_the_secret(
    fork_server: ForkServer, job: dict[str, Any]
) -> None:
    marks, secret = job["marks"], job["job"]["secret"]
    own = fork_server.scratch_root.encode()
    wanted = [*marks.values(), secret.encode(), bytes.fromhex(secret), own]
    result: dict[str, Any] = {}
    with Judge(fork_server) as judge:
        worker = threading.Thread(target=lambda: result.update(judge.grade(job["job"])))
        worker.start()
        try:
            _wait_until_asked(Path(fork_server.scratch_root))
            family = psutil.Process(fork_server.pid).children(recursive=True)
            try:
                held = {process.pid: memory_holds(process.pid, wanted) for process in family}
                server = memory_holds(fork_server.pid, wanted)
            except PermissionError:
                pytest.skip("this user may not look into the memory of its own processes")
        finally:
            for path in Path(fork_server.scratch_root).glob("*"):
                (path / "go-on").touch()
            worker.join()
        hidden = set(wanted) - {marks["answer"], own}
        assert held.pop(judge.pid) >= hidden, "the search finds what is there"
    holders = [pid for pid, found in held.items() if marks["answer"] in found]
    assert len(holders) >= 2, "the sandbox and its branch hold the student's own string"
    assert not [pid for pid, found in held.items() if found & hidden]
    assert server == {own}, "the fork server knows its own folder and nothing else of these"
    assert {test["outcome"] for test in result["tests"]} == {"passed"}


@pytest.mark.soak
@pytest.mark.xdist_group("hostile")
def test_a_process_of_student_code_that_asks_for_a_stand_in_does_not_hold_it(
    fork_server: ForkServer, job: dict[str, Any]
) -> None:
    """The helper, which does, holds nothing of the student's."""
    mark, answer = job["marks"]["suite"], job["marks"]["answer"]
    half = answer.decode()
    job["job"]["notebook"].cells[2].source = "import torch\n" + ASKING.format(halves=[half[:9], half[9:]])
    result: dict[str, Any] = {}
    with Judge(fork_server) as judge:
        worker = threading.Thread(target=lambda: result.update(judge.grade(job["job"])))
        worker.start()
        try:
            _wait_until_asked(Path(fork_server.scratch_root), "asked-there")
            family = psutil.Process(fork_server.pid).children(recursive=True)
            try:
                living = [process.pid for process in family if process.status() != psutil.STATUS_ZOMBIE]
                held = {pid: memory_holds(pid, [mark, answer]) for pid in living}
            except PermissionError:
                pytest.skip("this user may not look into the memory of its own processes")
        finally:
            for path in Path(fork_server.scratch_root).glob("*"):
                (path / "go-on-there").touch()
            worker.join()
        assert mark in held.pop(judge.pid), "the search finds what is there"
    assert list(held.values()).count({mark}) == 1, "the helper"
    assert list(held.values()).count({answer}) >= 2, "the sandbox, and its branches"
    assert {mark, answer} not in held.values()
    assert {test["name"]: test["carried"] for test in result["tests"]}["test_linear"]


def _wait_until_asked(root: Path, name: str = "asked") -> None:
    """Wait until a test is in the middle of calling the student, who then leaves a file of this name."""
    deadline = time.monotonic() + 60
    while not any(root.glob(f"*/{name}")):
        assert time.monotonic() < deadline, "no test called the student"
        time.sleep(0.05)
